// The client of Active Backup for Microsoft 365: one method per method of the documented Python client, and the history.
import { isCodedError } from '../dsm/errors';
import { describeTask } from './assess';
import { type CallOptions, read } from './calls';
import { changeSettings, type Change, type ChangedSettings } from './change-settings';
import {
  type ClientOptions,
  type LogOptions,
  type ScheduleChange,
  type SettingChange,
  type TaskList,
  type TaskListOptions,
} from './client-types';
import { ActiveBackupError } from './errors';
import { invalidInput } from './fields';
import { readHistory, type RunList } from './history';
import { methodParameters, readInput } from './inputs';
import { logPage, readLogRows, type TaskNames } from './logs';
import { aboutTask, identifyTask, type NasAccess, pauseOnClock, readListedTasks, readTaskInfo } from './nas-access';
import { type NasTime, readNasTime, readPackageVersion } from './nas-facts';
import { withRaw } from './raw-data';
import { planRetention, type RetentionState, retentionStateOf } from './retention';
import { type CanceledBackup, startBackup, type StartedBackup, stopBackup } from './run-control';
import { checkScheduleWish, nextRunAt, planSchedule, readScheduleInput, scheduleStateOf } from './schedule';
import { describeSettings, taskNameOf } from './settings';
import { type TaskInfo } from './settings-wire';
import { taskNotFound } from './task-ids';
import { TaskNameCache } from './task-names';
import { checkDeleteWish, type DeletedTask, linkTask, type RelinkedTask, removeTask } from './task-removal';
import { type Limits, type LogPage, type TaskSettings } from './types';
import { readTaskList } from './wire';
import { checkWorkerWish, readWorkerCounts, setWorkerCounts, type WorkerChange } from './workers';

const noNames: TaskNames = new Map();

/**
 * Active Backup for Microsoft 365 on one NAS. Parameters are checked before anything is sent (INVALID_INPUT), in the
 * spelling of this package or of the documented Python client. Tasks are given by id or by name. `rawOf(answer)` gives
 * the NAS's own data behind an answer.
 */
export class ActiveBackupClient {
  readonly #nas: NasAccess;
  readonly #timeZone: string | null;
  readonly #limits: Limits;
  readonly #allowChanges: boolean;
  readonly #now: () => number;
  readonly #names = new TaskNameCache();
  #knowsHistory: boolean | null = null;

  constructor(options: ClientOptions) {
    this.#nas = { session: options.session, pause: options.pause ?? pauseOnClock };
    this.#timeZone =
      options.timeZone === undefined ? new Intl.DateTimeFormat().resolvedOptions().timeZone : options.timeZone;
    this.#limits = options.limits ?? {};
    this.#allowChanges = options.allowChanges ?? true;
    this.#now = options.now ?? (() => Date.now());
  }

  /** Whether this NAS gives its history; null until it was asked. */
  get historySupported(): boolean | null {
    return this.#knowsHistory;
  }

  /** All tasks, judged without memory: of a running task only the history can tell how the run before ended. */
  async getTasks(options: TaskListOptions = {}): Promise<TaskList> {
    const { data, dateMs } = await read(this.#nas.session, 'list_tasks', {}, options);
    const wire = readTaskList(data);
    this.#names.remember(wire.tasks, this.#now());
    const context = {
      nowMs: this.#now(),
      timeZone: options.timeZone === undefined ? this.#timeZone : options.timeZone,
      limits: this.#limits,
      history: options.history ?? null,
    };
    const tasks = wire.tasks.map((task) => describeTask(task, wire.eventLog, context));
    return withRaw({ tasks, package: wire.package, wire, dateMs, raw: data }, data);
  }

  /** A page of the package's log: results of runs, and what somebody did. */
  async getPackageLog(input: unknown = {}, options: LogOptions = {}): Promise<LogPage> {
    const page = readInput(methodParameters.getPackageLog, input);
    const { data } = await read(
      this.#nas.session,
      'get_general_log',
      { offset: page.offset, limit: page.limit },
      options,
    );
    const rows = readLogRows('get_general_log', data);
    const names = rows.length === 0 ? noNames : await this.#taskNames(options);
    return withRaw(logPage(rows, 'package', page, names), data);
  }

  /** A page of a task's own log: what happened to each account, site and team. */
  async getTaskLog(input: unknown, options: LogOptions = {}): Promise<LogPage> {
    const { taskId: reference, ...page } = readInput(methodParameters.getTaskLog, input);
    const taskId = await identifyTask(this.#nas, reference, options);
    const params = { task_id: taskId, limit: page.limit, offset: page.offset, key_word: page.keyWord };
    const { data } = await aboutTask(this.#nas, taskId, options, () =>
      read(this.#nas.session, 'get_all_log', params, options),
    );
    const rows = readLogRows('get_all_log', data);
    // Some NAS may answer nothing for a task that it does not know; a later page may well be empty.
    if (rows.length === 0 && page.offset === 0) await this.#throwIfUnknown(taskId, options);
    const names = rows.length === 0 ? noNames : await this.#taskNames(options);
    return withRaw(logPage(rows, 'task', page, names), data);
  }

  /** The settings of a task, without anything of the tenant unless `includeAccount` or `includeObjects` asks for it. */
  async getTaskSetting(input: unknown, options: CallOptions = {}): Promise<TaskSettings> {
    const { taskId: reference, ...disclosure } = readInput(methodParameters.getTaskSetting, input);
    const taskId = await identifyTask(this.#nas, reference, options);
    const { info, raw } = await readTaskInfo(this.#nas, taskId, options);
    return withRaw(describeSettings(taskId, info, disclosure), raw);
  }

  /** How many workers the package uses, and may use. */
  async getWorkerCount(options: CallOptions = {}): Promise<WorkerChange> {
    const { counts, raw } = await readWorkerCounts(this.#nas.session, options);
    return withRaw({ ...counts, changed: false, lowered: [] }, raw);
  }

  /** Sets one or both numbers of workers; what lies above the NAS's maximum is lowered to it, and `lowered` says so. */
  async setWorkerCount(input: unknown, options: CallOptions = {}): Promise<WorkerChange> {
    this.#requireChanges();
    const wish = readInput(methodParameters.setWorkerCount, input);
    checkWorkerWish(wish);
    const { answer, raw } = await setWorkerCounts(this.#nas.session, wish, options);
    return withRaw(answer, raw);
  }

  /** Sets when a task runs. Fields that are not given keep what the NAS has; see `planSchedule`. */
  async setTaskSchedule(input: unknown, options: CallOptions = {}): Promise<ScheduleChange> {
    this.#requireChanges();
    const { taskId: reference, ...wish } = readScheduleInput(input);
    checkScheduleWish(wish);
    const plan = (info: TaskInfo): Change[] => planSchedule(info, wish);
    const { taskId, result } = await this.#changeTask(reference, plan, options);
    const answer = settingChange(taskId, result, scheduleStateOf);
    const next = nextRunAt(answer.after, this.#now(), this.#timeZone);
    return withRaw({ ...answer, nextRunAt: next }, result.raw);
  }

  /** Sets how many days versions are kept; fewer than now needs `allowDeletion`. */
  async setRotationPolicy(input: unknown, options: CallOptions = {}): Promise<SettingChange<RetentionState>> {
    this.#requireChanges();
    const { taskId: reference, daysToKeep, allowDeletion } = readInput(methodParameters.setRotationPolicy, input);
    const plan = (info: TaskInfo): Change[] => planRetention(info, daysToKeep, allowDeletion);
    const { taskId, result } = await this.#changeTask(reference, plan, options);
    return withRaw(settingChange(taskId, result, retentionStateOf), result.raw);
  }

  /** Starts a backup; whether it ends well is not waited for. */
  async runBackup(input: unknown, options: CallOptions = {}): Promise<StartedBackup> {
    this.#requireChanges();
    const { taskId, ifRunning } = readInput(methodParameters.runBackup, input);
    const { answer, raw } = await startBackup(this.#nas, taskId, ifRunning, options);
    return withRaw(answer, raw);
  }

  /** Cancels the run under way, where there is one. */
  async cancelBackup(input: unknown, options: CallOptions = {}): Promise<CanceledBackup> {
    this.#requireChanges();
    const { taskId } = readInput(methodParameters.cancelBackup, input);
    const { answer, raw } = await stopBackup(this.#nas, taskId, options);
    return withRaw(answer, raw);
  }

  /** Deletes a task; `confirm` must be its name, and with `removeData` `confirmRemoveData` too. */
  async deleteTask(input: unknown, options: CallOptions = {}): Promise<DeletedTask> {
    this.#requireChanges();
    const wish = readInput(methodParameters.deleteTask, input);
    checkDeleteWish(wish);
    const { answer, raw } = await removeTask(this.#nas, wish, options);
    return withRaw(answer, raw);
  }

  /** Makes a task again of the data that a deleted one left in a shared folder. */
  async relinkTask(input: unknown, options: CallOptions = {}): Promise<RelinkedTask> {
    this.#requireChanges();
    const wish = readInput(methodParameters.relinkTask, input);
    const { answer, raw } = await linkTask(this.#nas, wish, options);
    return withRaw(answer, raw);
  }

  /**
   * Finished backup runs, newest first, of one task or of all.
   * @throws DsmError NOT_SUPPORTED where this NAS does not give its history
   */
  async listRuns(input: unknown = {}, options: CallOptions = {}): Promise<RunList> {
    const { taskId: reference, sinceMs = 0, untilMs, ...rest } = readInput(methodParameters.listRuns, input);
    // A day more than now: the NAS's clock may be ahead of ours.
    const until = untilMs ?? this.#now() + 86_400_000;
    if (until < sinceMs) throw invalidInput('untilMs', until, `not less than sinceMs ${String(sinceMs)}`);
    const taskId = reference === undefined ? undefined : await identifyTask(this.#nas, reference, options);
    const query = { taskId, sinceMs, untilMs: until, ...rest };
    const { raw, ...answer } = await this.#rememberingSupport(() => readHistory(this.#nas.session, query, options));
    if (answer.runs.length === 0 && taskId !== undefined) await this.#throwIfUnknown(taskId, options);
    return withRaw(answer, raw);
  }

  /** The version of the package on the NAS, e.g. `2.5.5-14034`; null where the NAS does not say. */
  async getPackageVersion(options: CallOptions = {}): Promise<string | null> {
    return readPackageVersion(this.#nas.session, options);
  }

  /** The NAS's local time beside its clock in UTC: their difference is its time zone's. */
  async getNasTime(options: CallOptions = {}): Promise<NasTime> {
    return readNasTime(this.#nas.session, options);
  }

  #requireChanges(): void {
    if (this.#allowChanges) return;
    throw new ActiveBackupError('READ_ONLY', 'Changes are turned off for this NAS; nothing was sent', {
      outcome: 'not_sent',
    });
  }

  async #changeTask(
    reference: number | string,
    plan: (info: TaskInfo) => Change[],
    options: CallOptions,
  ): Promise<{ taskId: number; result: ChangedSettings }> {
    const taskId = await identifyTask(this.#nas, reference, options);
    const readInfo = async (): Promise<TaskInfo> => (await readTaskInfo(this.#nas, taskId, options)).info;
    return { taskId, result: await changeSettings(this.#nas.session, taskId, readInfo, plan, options) };
  }

  async #rememberingSupport<T>(ask: () => Promise<T>): Promise<T> {
    try {
      const answer = await ask();
      this.#knowsHistory = true;
      return answer;
    } catch (error) {
      if (isCodedError(error) && error.code === 'NOT_SUPPORTED') this.#knowsHistory = false;
      throw error;
    }
  }

  /** Names of tasks for a log; a log without them is better than none, so a failure here is no failure. */
  async #taskNames(options: LogOptions): Promise<TaskNames> {
    const known = options.taskNames ?? this.#names.fresh(this.#now());
    if (known !== null) return known;
    try {
      this.#names.remember(await readListedTasks(this.#nas, options), this.#now());
    } catch (error) {
      if (!isCodedError(error) || error.code === 'ABORTED') throw error;
    }
    return this.#names.fresh(this.#now()) ?? noNames;
  }

  /** Whether nothing was found because there is no such task. @throws ActiveBackupError TASK_NOT_FOUND */
  async #throwIfUnknown(taskId: number, options: CallOptions): Promise<void> {
    const tasks = await readListedTasks(this.#nas, options);
    this.#names.remember(tasks, this.#now());
    if (!tasks.some(({ id }) => id === taskId)) throw taskNotFound(taskId, tasks);
  }
}

function settingChange<State>(
  taskId: number,
  { before, after, changed }: ChangedSettings,
  stateOf: (info: TaskInfo) => State,
): SettingChange<State> {
  return { taskId, taskName: taskNameOf(after), before: stateOf(before), after: stateOf(after), changed };
}
