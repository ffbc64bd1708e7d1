// The handle with which a test drives one task of the simulated NAS.

import { copy } from './json';
import { type NasCore } from './nas-core';
import { type RunScript } from './runs';
import { type Task, type TaskSetting } from './task';

/** One task; it stays valid until the task is removed. */
export class TaskHandle {
  constructor(
    private readonly core: NasCore,
    readonly id: number,
  ) {}

  /** The task's state itself; a test may change it (wire numbers, counters, sizes). */
  get state(): Task {
    this.core.engine.catchUp();
    const task = this.core.store.tasks.get(this.id);
    if (task === undefined) throw new Error(`The simulated NAS has no task ${this.id} any more.`);
    return task;
  }
  get name(): string {
    return this.state.setting.task_name;
  }
  /** A copy of `task_info`. */
  get setting(): TaskSetting {
    return copy(this.state.setting);
  }
  get running(): boolean {
    return this.state.run !== null;
  }
  /** When it starts by itself, milliseconds since the epoch; null: never, or it runs. */
  get nextStartMs(): number | null {
    return this.state.nextStartMs;
  }

  /** Says how the next runs go, first to last; added to what was said before. */
  script(...runs: RunScript[]): void {
    this.state.queue.push(...runs);
  }
  /** Says how runs go that no script foresaw. */
  setDefaultRun(run: Task['defaultRun']): void {
    this.state.defaultRun = run;
  }
  /** Starts a run without any client. */
  start(script?: RunScript): void {
    const task = this.state;
    if (task.run !== null) throw new Error(`Task ${this.id} runs already.`);
    this.core.engine.start(task, 'test', this.core.clock.now(), script);
  }
  /** Ends the present run now; `over` changes how. */
  finish(over: RunScript = {}): void {
    const task = this.state;
    if (task.run === null) throw new Error(`Task ${this.id} does not run.`);
    this.core.engine.end(task, task.run, this.core.clock.now(), over);
  }
  /** Renames it, as somebody does in DSM. */
  rename(name: string): void {
    this.state.setting.task_name = name;
  }
  /** Changes members of `task_info`, as somebody does in DSM. */
  change(setting: Partial<TaskSetting>): void {
    const task = this.state;
    Object.assign(task.setting, setting);
    if (task.run === null) this.core.engine.plan(task, this.core.clock.now());
  }
  /** Deletes it, as somebody does in DSM. */
  remove(): void {
    this.core.store.tasks.delete(this.id);
  }
}
