// Random lives of a task, polled at random times with restarts: the runs that are told equal the ledger of its runs.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assessTask, needsHistory, readTaskMemory } from '../../../../lib/active-backup/assess';
import { type TaskMemory } from '../../../../lib/active-backup/memory-types';
import { type HistoryRun, type RunResult } from '../../../../lib/active-backup/types';
import { readTaskList } from '../../../../lib/active-backup/wire';
import { context, iso, type Json, now, row, seedTask } from './support';

const runs = Number(process.env.FUZZ_RUNS ?? 300);
const minute = 60_000;

interface LedgerRun {
  id: number;
  startMs: number;
  endMs: number;
  outcome: 'success' | 'partial' | 'failed' | 'canceled';
}

const life = fc.record({
  runs: fc.array(
    fc.record({
      gap: fc.integer({ min: 1, max: 90 }),
      length: fc.integer({ min: 1, max: 60 }),
      outcome: fc.constantFrom<LedgerRun['outcome']>('success', 'success', 'partial', 'failed', 'canceled'),
    }),
    { minLength: 1, maxLength: 20 },
  ),
  waits: fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 300 })), {
    minLength: 2,
    maxLength: 60,
  }),
  /** While it runs, the list may show the ids and dates of the run before, or of the run itself. */
  showsPresentRun: fc.boolean(),
  firstRunId: fc.integer({ min: 1, max: 1000 }),
});

function ledgerOf(given: {
  runs: { gap: number; length: number; outcome: LedgerRun['outcome'] }[];
  firstRunId: number;
}): LedgerRun[] {
  let clock = now;
  return given.runs.map(({ gap, length, outcome }, index) => {
    const startMs = clock + gap * minute;
    clock = startMs + length * minute;
    return { id: given.firstRunId + index, startMs, endMs: clock, outcome };
  });
}

const outcomes: Record<LedgerRun['outcome'], Json> = {
  success: {},
  partial: { status: 6, warning_mail: 2 },
  failed: { error_mail: 2, success_count: 0 },
  canceled: { status: 7, warning_mail: 9 },
};

function fieldsOf(run: LedgerRun | undefined): Json {
  if (run === undefined)
    return { last_execution_time: 0, duration: 0, task_execution_id: 0, success_count: 0, status: 0 };
  const duration = (run.endMs - run.startMs) / 1000;
  return { task_execution_id: run.id, last_execution_time: run.endMs / 1000, duration, ...outcomes[run.outcome] };
}

function listAt(ledger: LedgerRun[], atMs: number, showsPresentRun: boolean): Json {
  const last = ledger.findLast((run) => run.endMs <= atMs);
  const present = ledger.find((run) => run.startMs <= atMs && atMs < run.endMs);
  if (present === undefined) {
    const never = Object.fromEntries(
      Object.keys(seedTask())
        .filter((name) => name.startsWith('processed_'))
        .map((name) => [name, 0]),
    );
    return seedTask({ ...(last === undefined ? never : {}), ...fieldsOf(last) });
  }
  const id = showsPresentRun ? { task_execution_id: present.id, error_mail: 1, success_count: 0 } : {};
  return seedTask({ ...fieldsOf(last), ...id, status: 4, job_id: present.id + 5000 });
}

/** The history knows no "failed": such a run is a row that nobody can explain. */
function historyAt(ledger: LedgerRun[], atMs: number): HistoryRun[] {
  const codes = { success: [1, -87], partial: [6, 3], failed: [1, 44], canceled: [7, -1] } as const;
  return ledger
    .filter((run) => run.endMs <= atMs)
    .map((run) => {
      const [status, errorCode] = codes[run.outcome];
      const times = {
        startedAt: iso(run.startMs),
        endedAt: iso(run.endMs),
        durationSeconds: (run.endMs - run.startMs) / 1000,
      };
      return row({ runId: run.id, status, errorCode, ...times });
    })
    .reverse();
}

describe(`${String(runs)} random lives of a task`, function () {
  this.timeout(60_000 + runs * 50);

  it('tell every run that ended after the first poll, once, in order, with its result', () => {
    fc.assert(
      fc.property(life, (given) => {
        const ledger = ledgerOf(given);
        let memory: TaskMemory | null = null;
        let clock = now;
        const first = now + given.waits[0]! * minute;
        const told: [number | null, RunResult][] = [];
        for (const wait of given.waits) {
          clock += wait * minute;
          const list = readTaskList({ tasks: [listAt(ledger, clock, given.showsPresentRun)] });
          const wire = list.tasks[0]!;
          const history = needsHistory(wire, memory) ? historyAt(ledger, clock) : null;
          const found = assessTask(wire, [], memory, context({ nowMs: clock, history }));
          memory = readTaskMemory(JSON.parse(JSON.stringify(found.memory)));
          assert.deepEqual(memory, found.memory);
          for (const { run, result } of found.endedRuns) told.push([run.runId, result]);

          const last = ledger.findLast((run) => run.endMs <= clock);
          assert.equal(found.task.lastRun?.runId ?? null, last?.id ?? null);
          const success = ledger.findLast((run) => run.endMs <= clock && run.outcome === 'success');
          assert.equal(found.task.lastSuccessAt, success === undefined ? null : iso(success.endMs));
        }
        const ended = ledger.filter((run) => run.endMs > first && run.endMs <= clock);
        assert.deepEqual(
          told.map(([id]) => id),
          ended.map(({ id }) => id),
        );
        told.forEach(([, result], index) => {
          const { outcome } = ended[index]!;
          // Of a missed failure only the row is left, which cannot say more than "unknown".
          assert.ok(
            result === outcome || (outcome === 'failed' && result === 'unknown'),
            `${outcome} was told as ${result}`,
          );
        });
      }),
      { numRuns: runs },
    );
  });
});
