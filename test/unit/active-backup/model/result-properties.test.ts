// Generated tasks against the order of evidence. FUZZ_RUNS raises the number of cases (the long tier runs 10,000).
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type HistoryRun, type Task } from '../../../../lib/active-backup/types';
import { oracleRunning, oracleShown } from './result-oracle';
import { type Json, read, row, seedTask } from './support';

const runs = Number(process.env.FUZZ_RUNS ?? 1000);
const settings = {
  numRuns: runs,
  ...(process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) }),
};

const garbage = fc.constantFrom<unknown>('odd', '', '1x', {}, { a: 1 }, [1]);
const absent = fc.constantFrom<unknown>(undefined, null, 4294967295, '4294967295');
/** Mostly what a healthy task says, so that every rule is reached, the last one too. */
function field(healthy: unknown, ...others: unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    {
      weight: 60,
      arbitrary: fc.constantFrom<unknown>(healthy, typeof healthy === 'number' ? String(healthy) : healthy),
    },
    { weight: 4, arbitrary: absent },
    { weight: 3, arbitrary: fc.constantFrom<unknown>(...others) },
    { weight: 1, arbitrary: garbage },
  );
}

const serviceNames = 'archive_mail calendar contact drive group_calendar group_mail mail mysite site teams'.split(' ');
const healthyTask = seedTask();
const oddCounts = [1, 2, '3', -1, 0];
const oddStatuses = [0, 2, 3, 5, 6, 7, 8, 1.5, -1, '6', '7'];

const serviceFields: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
  serviceNames.flatMap((name) => [
    [`enable_${name}`, field(healthyTask[`enable_${name}`] ?? 0, true, false, 0, 1, 'true', 'false')],
    [`processed_${name}`, field(healthyTask[`processed_${name}`] ?? 0, ...oddCounts)],
    [`warning_${name}`, field(0, ...oddCounts)],
    [`error_${name}`, field(0, ...oddCounts)],
    [`status_${name}`, field(healthyTask[`status_${name}`] ?? 0, ...oddStatuses)],
  ]),
);

const tasks: fc.Arbitrary<Json> = fc
  .record({
    ...serviceFields,
    status: fc.oneof(
      { weight: 5, arbitrary: field(1, ...oddStatuses, 4) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(6, 7, undefined, 4) },
    ),
    task_status_error_code: field(0, 5, '5', -3),
    last_execution_time: field(1733794235, 0, -5),
    task_execution_id: field(1, 0, 2, 7),
    duration: field(22553, 0, -1),
    success_count: fc.oneof(
      { weight: 4, arbitrary: field(3, 0) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(0, undefined) },
    ),
    attention_count: field(0, ...oddCounts),
    job_id: field(0, 3, '3', -1),
    progress_list: field([], [{}], [1, 2]),
  })
  .map((fields) => seedTask(fields));

const events = fc.array(
  fc.record({
    task_id: fc.constantFrom(1, 1, 1, 2),
    task_execution_id: fc.constantFrom(1, 1, 0, 2),
    log_type: fc.oneof(
      { weight: 6, arbitrary: fc.constant<unknown>(0) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>(1, '2', -1, null, 'odd') },
    ),
  }),
  { maxLength: 3 },
);

const rows: fc.Arbitrary<HistoryRun | null> = fc.option(
  fc
    .record({
      status: fc.constantFrom(1, 1, 1, 1, 0, 3, 6, 7, null),
      errorCode: fc.constantFrom(0, 0, -1, -87, 4294967295, null, 5),
    })
    .map((codes) => row(codes)),
);

const cases = fc.record({ task: tasks, events, row: rows });

/** The history is read for idle tasks only here: while one runs, it tells of runs before. */
function judged({ task, events: log, row: known }: { task: Json; events: Json[]; row: HistoryRun | null }): Task {
  return read(task, { history: known === null ? null : [known] }, log);
}

describe(`${String(runs)} generated tasks`, function () {
  this.timeout(20_000 + runs * 50);
  it('have the result that the first matching evidence gives', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(cases, (given) => {
        const task = judged(given);
        const running = oracleRunning(given.task);
        assert.equal(task.activity, running ? 'running' : 'idle');
        if (running) return;
        const said = task.resultBasis === 'unexplained' ? 'unexplained' : task.result;
        assert.equal(said, oracleShown(given.task, given.events, given.row));
        seen.set(said, (seen.get(said) ?? 0) + 1);
      }),
      settings,
    );
    const kinds = ['success', 'partial', 'failed', 'canceled', 'unexplained', 'unknown'];
    for (const kind of kinds) assert.ok((seen.get(kind) ?? 0) > 0, `no case was ${kind}: ${JSON.stringify([...seen])}`);
  });

  it('are never success with an error, a warning, an object needing attention or a number that nobody explains', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { task } = given;
        const result = judged({ ...given, row: null });
        if (result.result !== 'success') return;
        const isSound = (each: unknown): boolean =>
          each === undefined || each === null || Number(each) === 0 || Number(each) === 4294967295;
        for (const [name, each] of Object.entries(task)) {
          if (/^(error|warning)_|^attention_count$|^task_status_error_code$/.test(name)) assert.ok(isSound(each), name);
          if (name.startsWith('status_')) {
            const enabled = task[name.replace('status_', 'enable_')];
            const off = enabled === false || enabled === 'false' || enabled === 0 || enabled === '0';
            assert.ok(off || isSound(each) || Number(each) === 1, name);
          }
        }
        assert.equal(Number(task.status), 1);
        assert.ok(Number(task.last_execution_time) > 0);
      }),
      settings,
    );
  });

  it('do not change with fields that nobody knows', () => {
    const known = new Set(Object.keys(seedTask()));
    const name = fc.string().filter((each) => !known.has(each) && !each.endsWith('_mysite'));
    fc.assert(
      fc.property(
        cases,
        fc.dictionary(name, fc.jsonValue()),
        fc.constantFrom('error_teamdrive', 'status2'),
        (given, extra, more) => {
          const plain = judged(given);
          const extended = judged({ ...given, task: { ...extra, ...given.task, [more]: 6 } });
          assert.deepEqual(extended, plain);
        },
      ),
      settings,
    );
  });

  it('say the same with numbers as text', () => {
    const asText = (each: unknown): unknown => {
      if (typeof each === 'number') return String(each);
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
      return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, asText(inner)]));
    };
    fc.assert(
      fc.property(cases, (given) => {
        const task = asText(given.task) as Json;
        const log = given.events.map((event) => asText(event) as Json);
        assert.deepEqual(judged({ ...given, task, events: log }), judged(given));
      }),
      settings,
    );
  });

  it('never become a success by losing their status or date, or by a field that cannot be read', () => {
    const names = [...Object.keys(seedTask()), 'error_mysite', 'status_mysite'].filter((name) => name !== 'task_id');
    const unreadable = fc.constantFrom<unknown>('odd', '', '0x1', {}, { length: 0 });
    const loss = fc.oneof(
      fc.constantFrom('status', 'last_execution_time').map((name) => [name, undefined] as const),
      fc.tuple(fc.constantFrom(...names), unreadable),
    );
    fc.assert(
      fc.property(cases, loss, (given, [name, left]) => {
        // Without a status a row of the history may speak for it, so a status is taken away only where there is none.
        const alone = left === undefined ? { ...given, row: null } : given;
        const before = judged(alone).result;
        const after = judged({ ...alone, task: { ...alone.task, [name]: left } }).result;
        assert.ok(after !== 'success' || before === 'success', `${name}: ${before} became success`);
      }),
      settings,
    );
  });

  it('never become a success by an event row that cannot be read', () => {
    const loss = fc.tuple(
      fc.constantFrom('task_id', 'task_execution_id', 'log_type', 'row', 'list'),
      fc.constantFrom<unknown>('odd', '', {}, true),
    );
    fc.assert(
      fc.property(cases, loss, (given, [name, left]) => {
        const before = judged(given).result;
        // An empty object is a row that says nothing; as an element it is readable.
        const noRow = typeof left === 'object' ? [left] : left;
        const broken = given.events.map((event) => (name === 'row' ? noRow : { ...event, [name]: left }));
        const list = name === 'list' && given.events.length > 0 ? left : broken;
        const after = read(given.task, { history: given.row === null ? null : [given.row] }, list).result;
        assert.ok(after !== 'success' || before === 'success', `${name}: ${before} became success`);
      }),
      settings,
    );
  });
});
