// `SYNO.ActiveBackupOffice365` as a table: each method, its parameters, and what it does.

import { generalLog, history, listTasks, taskInfo, taskLog } from './abm-answers';
import { backupTask, cancelTask, deleteTask, relinkTask, setTaskSetting, updateWorkerCount } from './abm-writes';
import { answer, type ApiRule, type MethodCall, type Outcome, refuse } from './call-types';
import { type NasCore } from './nas-core';
import { type ParameterRule, textOf } from './parameters';
import { type Task } from './task';

/** Name of the package's API. */
export const ABM_API = 'SYNO.ActiveBackupOffice365';
/** Id of the package. */
export const ABM_PACKAGE = 'ActiveBackup-Office365';

const ID: ParameterRule = { type: 'int' };
const OFFSET: ParameterRule = { type: 'int', default: 0, least: 0 };
const LIMIT: ParameterRule = { type: 'int', default: 200, least: 0 };
const SECONDS: ParameterRule = { type: 'int', least: 0 };

/** The package's API on this NAS. */
export function abmApi(nas: NasCore): ApiRule {
  const { store, switches } = nas;
  const ofTask =
    (handle: (task: Task, call: MethodCall) => Outcome) =>
    (call: MethodCall): Outcome => {
      const task = store.tasks.get(Number(call.values.task_id));
      return task === undefined ? refuse(switches.codes.unknownTask) : handle(task, call);
    };
  return {
    name: ABM_API,
    minVersion: 1,
    maxVersion: 1,
    access: 'administrator',
    requestFormat: 'JSON',
    strictNames: true,
    methods: {
      list_tasks: { parameters: {}, handle: () => answer(listTasks(store, switches, nas.clock.now())) },
      get_general_log: {
        parameters: { offset: OFFSET, limit: LIMIT },
        handle: ({ values }) => answer(generalLog(store, Number(values.offset), Number(values.limit))),
      },
      get_all_log: {
        parameters: { task_id: ID, limit: LIMIT, offset: OFFSET, key_word: { type: 'string', default: '' } },
        handle: ofTask((task, { values }) =>
          answer(taskLog(task, Number(values.offset), Number(values.limit), textOf(values.key_word))),
        ),
      },
      list_task_logs: {
        parameters: {
          job_type: { type: 'int' },
          start_run_time: SECONDS,
          end_run_time: SECONDS,
          transfered_size_from: { type: 'int', default: 0, least: 0 },
          offset: OFFSET,
          limit: LIMIT,
        },
        handle: ({ values }) =>
          answer(
            history(store, switches, {
              jobType: Number(values.job_type),
              fromSeconds: Number(values.start_run_time),
              toSeconds: Number(values.end_run_time),
              leastBytes: Number(values.transfered_size_from),
              offset: Number(values.offset),
              limit: Number(values.limit),
            }),
          ),
      },
      get_task_setting: {
        parameters: { task_id: ID },
        handle: ofTask((task) => answer({ task_info: taskInfo(task) })),
      },
      set_task_setting: {
        parameters: { task_id: ID, task_info: { type: 'object' } },
        writes: true,
        handle: ofTask((task, call) => setTaskSetting(nas, task, call)),
      },
      get_worker_count: { parameters: {}, handle: () => answer({ ...store.workers }) },
      update_worker_count: {
        parameters: { backup_job_worker_count: { type: 'int' }, event_worker_count: { type: 'int' } },
        writes: true,
        handle: (call) => updateWorkerCount(nas, call),
      },
      backup_task: {
        parameters: { task_id: ID },
        writes: true,
        handle: ofTask((task, call) => backupTask(nas, task, call)),
      },
      cancel_task: {
        parameters: { task_id: ID, job_id: { type: 'int' }, job_type: { type: 'int' } },
        writes: true,
        handle: ofTask((task, call) => cancelTask(nas, task, call)),
      },
      delete_task: {
        parameters: { task_id: ID, should_remove_storage: { type: 'bool' } },
        writes: true,
        handle: ofTask((task, call) => deleteTask(nas, task, call)),
      },
      relink_task: {
        parameters: { task_info: { type: 'object' } },
        writes: true,
        handle: (call) => relinkTask(nas, call),
      },
    },
  };
}
