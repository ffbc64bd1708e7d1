// What the package does on writes: settings, workers, runs, deletion, relinking.

import { DONE, answer, type MethodCall, type Outcome, refuse } from './call-types';
import { copy, isObject, type JsonObject } from './json';
import { type NasCore } from './nas-core';
import { ACCOUNT_FIELDS, keptMembers, LIST_FIELDS, relinkProblem, settingProblem } from './settings-check';
import { createTask } from './new-task';
import { type Task } from './task';

function invalidInfo(member: string): Outcome {
  return refuse(120, { name: 'task_info', reason: 'type', member });
}

/** `set_task_setting`: the whole object goes in, lists are changes only. */
export function setTaskSetting(nas: NasCore, task: Task, call: MethodCall): Outcome {
  const info = call.values.task_info as JsonObject;
  const given = nas.switches.payload;
  const problem = settingProblem(info, given);
  if (problem !== null) return invalidInfo(problem);
  if (info.task_id !== task.id) return invalidInfo('task_id');
  for (const name of ACCOUNT_FIELDS) if (name in info) call.flag(`account field in task_info: ${name}`);
  for (const name of LIST_FIELDS) {
    const changes = info[name] as JsonObject[];
    if (changes.length > 0) call.flag(`list in task_info is not empty: ${name}`);
    applyChanges(task, name, changes);
  }
  const planBefore = planOf(task);
  const schedule = { ...task.setting.schedule, ...keptMembers(info.schedule as JsonObject, given) };
  Object.assign(task.setting, copy({ ...keptMembers(info, given), schedule }));
  if (task.run === null && planOf(task) !== planBefore) nas.engine.plan(task, nas.clock.now());
  return DONE;
}

function planOf(task: Task): string {
  const { backup_policy, enable_schedule, schedule } = task.setting;
  return JSON.stringify([backup_policy, enable_schedule, schedule]);
}

/** Lists name the changed objects only: rows with a known id replace theirs, others are added. */
function applyChanges(task: Task, name: string, changes: JsonObject[]): void {
  const rows = (task.setting[name] ?? []) as JsonObject[];
  for (const change of changes) {
    const index = rows.findIndex((row) => row.id === change.id);
    if (index >= 0) rows[index] = { ...rows[index], ...copy(change) };
    else rows.push(copy(change));
  }
  if (name in task.setting) task.setting[name] = rows;
}

/** `update_worker_count`: from 5 to what the NAS can do. */
export function updateWorkerCount(nas: NasCore, call: MethodCall): Outcome {
  const { workers } = nas.store;
  for (const name of ['backup_job_worker_count', 'event_worker_count'] as const) {
    const value = Number(call.values[name]);
    if (value < 5 || value > workers[`max_${name}`]) return refuse(120, { name, reason: 'range' });
  }
  workers.backup_job_worker_count = Number(call.values.backup_job_worker_count);
  workers.event_worker_count = Number(call.values.event_worker_count);
  return DONE;
}

/** `backup_task`: accepted means started, not done. */
export function backupTask(nas: NasCore, task: Task, call: MethodCall): Outcome {
  if (task.run !== null) {
    const code = nas.switches.codes.backupRunning;
    return code === null ? DONE : refuse(code);
  }
  const nowMs = nas.clock.now();
  nas.engine.start(task, 'user', nowMs);
  nas.engine.logAction(`[${userOf(call)}] ran backup task [${task.setting.task_name}].`, task.id, nowMs);
  return DONE;
}

/** `cancel_task`: the job must be the one that runs. */
export function cancelTask(nas: NasCore, task: Task, call: MethodCall): Outcome {
  if (call.values.job_type !== 0) return refuse(120, { name: 'job_type', reason: 'range' });
  if (task.run === null) {
    const code = nas.switches.codes.cancelIdle;
    return code === null ? DONE : refuse(code);
  }
  if (call.values.job_id !== task.run.jobId) return refuse(120, { name: 'job_id', reason: 'range' });
  nas.engine.cancel(task, task.run, userOf(call));
  return DONE;
}

/** `delete_task`: the task goes; its data stays, unless it is to be removed too. */
export function deleteTask(nas: NasCore, task: Task, call: MethodCall): Outcome {
  const { store, engine } = nas;
  if (task.run !== null) {
    const code = nas.switches.codes.deleteRunning;
    if (code !== null) return refuse(code);
    engine.end(task, task.run, nas.clock.now(), { outcome: 'canceled' });
  }
  store.tasks.delete(task.id);
  if (call.values.should_remove_storage === true) store.removedPaths.add(task.setting.local_path);
  else store.unlinked.set(task.setting.local_path, task);
  engine.logAction(`[${userOf(call)}] deleted task [${task.setting.task_name}].`, task.id, nas.clock.now());
  return DONE;
}

/** `relink_task`: makes a task of storage that a deleted task left behind. */
export function relinkTask(nas: NasCore, call: MethodCall): Outcome {
  const { store } = nas;
  const info = call.values.task_info as JsonObject;
  const problem = relinkProblem(info);
  if (problem !== null) return invalidInfo(problem);
  const path = `/${String(info.local_shared)}${String(info.local_path)}`;
  const inUse = [...store.tasks.values()].some((task) => task.setting.local_path === path);
  if (inUse || store.removedPaths.has(path)) return refuse(nas.switches.codes.relinkRefused);
  const task = createTask(
    nas.takeTaskId(),
    store.nextScheduleId,
    { name: String(info.task_name), usedBytes: 0, setting: { local_path: path } },
    { ...nas.canaries, adminEmail: String(info.admin_email) },
  );
  store.nextScheduleId += 1;
  const previous = store.unlinked.get(path);
  if (previous !== undefined) {
    task.services = copy(previous.services);
    task.objects = copy(previous.objects);
    store.unlinked.delete(path);
  }
  store.tasks.set(task.id, task);
  nas.engine.logAction(`[${userOf(call)}] relinked task [${task.setting.task_name}].`, task.id, nas.clock.now());
  return answer({ task_id: task.id });
}

function userOf(call: MethodCall): string {
  return call.session?.account ?? 'user';
}

/** Lays what a fault wants kept over what was sent: the NAS accepts one thing and keeps another. */
export function withInstead(call: MethodCall, instead: JsonObject): MethodCall {
  const values = { ...call.values };
  for (const [name, value] of Object.entries(instead)) {
    const sent = values[name];
    if (isObject(sent) && isObject(value)) {
      const schedule =
        isObject(sent.schedule) && isObject(value.schedule)
          ? { schedule: { ...sent.schedule, ...value.schedule } }
          : {};
      values[name] = { ...sent, ...value, ...schedule };
    } else {
      values[name] = value as (typeof values)[string];
    }
  }
  return { ...call, values };
}
