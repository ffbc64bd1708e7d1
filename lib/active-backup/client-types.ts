// What `ActiveBackupClient` takes and answers, where it is not in the shared types.
import { type DsmSession } from '../dsm/types';
import { type CallOptions } from './calls';
import { type TaskNames } from './logs';
import { type NasAccess } from './nas-access';
import { type ScheduleState } from './schedule';
import { type HistoryRun, type Limits, type PackageState, type Task } from './types';
import { type WireTaskList } from './wire';

/** How a client reaches its NAS and how it judges tasks. */
export interface ClientOptions {
  session: DsmSession;
  /** IANA zone of the NAS's schedules; default the host's. Null: nothing of a schedule is judged. */
  timeZone?: string | null;
  limits?: Limits;
  /** False: every method that writes answers READ_ONLY and sends nothing. Default true. */
  allowChanges?: boolean;
  /** The clock, milliseconds since the epoch. Default `Date.now`. */
  now?: () => number;
  /** Waiting between two looks at the NAS after a deletion or relink. Default: on the clock. */
  pause?: NasAccess['pause'];
}

/** The tasks and all that came with them. */
export interface TaskList {
  tasks: Task[];
  package: PackageState;
  /** The answer as read and not yet judged: for a judgement with memory. */
  wire: WireTaskList;
  /** The NAS's clock when it answered, milliseconds, or null. */
  dateMs: number | null;
  /** The NAS's own `data`, untouched. */
  raw: unknown;
}

/** What changing a setting of a task did. */
export interface SettingChange<State> {
  taskId: number;
  taskName: string;
  before: State;
  after: State;
  changed: boolean;
}

/** What setting a schedule did; `nextRunAt` is the next start by it, null where nothing starts by itself. */
export interface ScheduleChange extends SettingChange<ScheduleState> {
  nextRunAt: string | null;
}

/** Options of a log: names of tasks by id, where the caller has them; else the task list is read now and then. */
export interface LogOptions extends CallOptions {
  taskNames?: TaskNames | undefined;
}

/** Options of the task list: finished runs to judge by, and another time zone than the client's. */
export interface TaskListOptions extends CallOptions {
  history?: readonly HistoryRun[] | null | undefined;
  timeZone?: string | null | undefined;
}
