// The state machine of the backup tasks: idle → running → ended, by hand, by schedule and all the time.
// It has no timer: whoever asks first lets it catch up with the clock, event by event, in the order of time.

import { type Clock } from './clock';
import { applyOutcome } from './outcome';
import { integerBetween, type Random } from './random';
import { type ActiveRun, type Outcome, type RunScript, type Trigger } from './runs';
import { nextScheduledStart } from './schedule';
import { appendLog, type Store } from './store';
import { policyOf, type Task, type TaskSpec } from './task';

/** Starts, ends and cancels runs. */
export class Engine {
  /** Seconds between an accepted cancel and the run's end. */
  cancelDelaySeconds = 0;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly timeZone: string,
  ) {}

  /** Lets everything happen that is due by now. */
  catchUp(): void {
    const nowMs = this.clock.now();
    for (;;) {
      let next: Task | null = null;
      let nextMs = nowMs;
      for (const task of this.store.tasks.values()) {
        const dueMs = task.run === null ? (task.nextStartMs ?? Infinity) : task.run.endMs;
        if (dueMs <= nextMs && (next === null || dueMs < nextMs)) {
          next = task;
          nextMs = dueMs;
        }
      }
      if (next === null) return;
      if (next.run === null) this.start(next, next.setting.enable_schedule ? 'schedule' : 'continuous', nextMs);
      else this.end(next, next.run, nextMs);
    }
  }

  /** Starts a run by the task's next script. */
  start(task: Task, trigger: Trigger, atMs: number, script = this.nextScript(task)): ActiveRun {
    const durationSeconds = script.durationSeconds ?? 60;
    const executionId = this.store.nextExecutionId;
    const jobId = this.store.nextJobId;
    this.store.nextExecutionId += 1;
    this.store.nextJobId += 1;
    const run: ActiveRun = {
      script,
      jobId,
      executionId,
      startMs: atMs,
      endMs: script.outcome === 'hung' ? Infinity : atMs + durationSeconds * 1000,
      canceledBy: null,
      entry: {
        taskId: task.id,
        taskName: task.setting.task_name,
        runId: executionId,
        jobId,
        trigger,
        startedAtMs: atMs,
        endedAtMs: null,
        outcome: null,
        status: 4,
        taskErrorCode: 0,
        succeeded: 0,
        attention: 0,
        warnings: 0,
        errors: 0,
        transferredBytes: 0,
      },
    };
    task.run = run;
    task.nextStartMs = null;
    task.runsStarted += 1;
    this.store.ledger.push(run.entry);
    return run;
  }

  /** Ends a run, now or at the given time; `over` changes its script first. */
  end(task: Task, run: ActiveRun, atMs: number, over: RunScript = {}): void {
    run.script = { ...run.script, ...over };
    const scripted: Outcome = run.script.outcome ?? 'success';
    const outcome = run.canceledBy !== null ? 'canceled' : scripted === 'hung' ? 'failed' : scripted;
    applyOutcome(this.store, task, run, atMs, outcome);
    this.plan(task, atMs);
  }

  /** Cancels a run on behalf of a user. */
  cancel(task: Task, run: ActiveRun, user: string): void {
    const nowMs = this.clock.now();
    run.canceledBy = user;
    // What the script foresaw for the end is void: a canceled run looks like a canceled run.
    run.script = {};
    this.logAction(`[${user}] canceled backup task [${task.setting.task_name}].`, task.id, nowMs);
    run.endMs = nowMs + this.cancelDelaySeconds * 1000;
    this.catchUp();
  }

  /** Decides when the task starts by itself, after a run or a change of its settings. */
  plan(task: Task, fromMs: number): void {
    const policy = policyOf(task.setting);
    if (policy === 'scheduled') {
      task.nextStartMs = nextScheduledStart(task.setting.schedule, this.timeZone, fromMs);
    } else if (policy === 'continuous') {
      task.nextStartMs = fromMs + integerBetween(this.random, 60, 600) * 1000;
    } else {
      task.nextStartMs = null;
    }
  }

  /** Gives a new task its past; without one it had a single good run that ended an hour ago. */
  relive(task: Task, history: TaskSpec['history']): void {
    const nowMs = this.clock.now();
    const past = history ?? [{ startedSecondsAgo: 3_600 + 600, durationSeconds: 600 }];
    for (const { startedSecondsAgo, ...script } of past) {
      const startMs = nowMs - startedSecondsAgo * 1000;
      const run = this.start(task, 'history', startMs, script);
      run.entry.startedAtMs = startMs;
      if (run.endMs <= nowMs) this.end(task, run, run.endMs);
    }
    if (task.run === null) this.plan(task, nowMs);
  }

  /** Writes what a user did into the package's log. */
  logAction(description: string, taskId: number, atMs: number): void {
    appendLog(this.store.generalLog, {
      category: 3,
      description,
      error_code: 0,
      log_type: 0,
      storage_remove_id: 0,
      task_execution_id: 0,
      task_id: taskId,
      timestamp: Math.floor(atMs / 1000),
    });
  }

  private nextScript(task: Task): RunScript {
    const scripted = task.queue.shift();
    if (scripted !== undefined) return scripted;
    return typeof task.defaultRun === 'function' ? task.defaultRun(task.runsStarted + 1) : task.defaultRun;
  }
}
