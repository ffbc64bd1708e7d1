// What each parameter takes and refuses. Every refusal names the field, the value and what would be right, and nothing
// reaches the NAS.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type ActiveBackupClient,
  ActiveBackupError,
  fields,
  methodParameters,
  printValue,
  readInput,
} from '../../../../lib/active-backup';
import { clientOf, rejects, StubSession } from './support';

type Method = keyof typeof methodParameters;

const call = (client: ActiveBackupClient, method: Method, input: unknown): Promise<unknown> => client[method](input);

/** Valid parameters of each method, to be spoilt one at a time. */
const valid: Record<Method, Record<string, unknown>> = {
  getPackageLog: {},
  getTaskLog: { taskId: 1 },
  getTaskSetting: { taskId: 1 },
  setWorkerCount: { backupWorkers: 10 },
  setTaskSchedule: { taskId: 1, policy: 'scheduled' },
  setRotationPolicy: { taskId: 1, daysToKeep: 30 },
  runBackup: { taskId: 1 },
  cancelBackup: { taskId: 1 },
  deleteTask: { taskId: 1, confirm: 'Mail' },
  relinkTask: { taskName: 'Mail', localShared: 'Share', localPath: '/folder/task_1', adminEmail: 'admin@example.com' },
  listRuns: {},
};

const notNumbers = [
  '',
  ' 8',
  '8.5',
  '0x8',
  '1e1',
  'eight',
  NaN,
  Infinity,
  8.5,
  true,
  false,
  null,
  [],
  [8],
  {},
  '99999999999999999999',
];
const notFlags = ['true', 'false', '', 0, 1, null, [], {}];
const notTexts = [null, 5, true, [], ['a'], {}, 'line\nbreak', 'null\u0000', 'x'.repeat(256), '\ud800'];
const notReferences = [null, true, [], {}, '', '  ', 'x'.repeat(256), 'a\nb', 0, -1, 1.5, NaN, 2 ** 31];

/** Bad values by method and parameter. */
const bad: [Method, string, unknown[]][] = [
  ['getPackageLog', 'offset', [...notNumbers, -1]],
  ['getPackageLog', 'limit', [...notNumbers, 0, 2001, -5]],
  ['getTaskLog', 'taskId', [undefined, ...notReferences]],
  ['getTaskLog', 'keyWord', notTexts],
  ['getTaskSetting', 'taskId', [undefined, ...notReferences]],
  ['getTaskSetting', 'includeAccount', notFlags],
  ['getTaskSetting', 'includeObjects', notFlags],
  ['setWorkerCount', 'backupWorkers', [...notNumbers, 4, 0, -1]],
  ['setWorkerCount', 'eventWorkers', [...notNumbers, 4, '4']],
  ['setTaskSchedule', 'taskId', [undefined, ...notReferences]],
  ['setTaskSchedule', 'policy', ['', 'daily', 'Scheduled', 3, -1, 1.5, '3', null, true, [], {}]],
  ['setTaskSchedule', 'startHour', [...notNumbers, 24, -1, '24']],
  ['setTaskSchedule', 'startMinute', [...notNumbers, 60, -1]],
  ['setTaskSchedule', 'lastRunHour', [...notNumbers, 24, -1]],
  ['setTaskSchedule', 'repeatEveryHours', [...notNumbers, 24, -1]],
  [
    'setTaskSchedule',
    'runDays',
    [
      null,
      1,
      true,
      {},
      [],
      '',
      ',',
      [7],
      [-1],
      [1.5],
      [NaN],
      ['Mo'],
      ['Sunday', 0],
      '0,0',
      '0,7',
      'Mon,,Tue',
      [[1]],
      [null],
    ],
  ],
  ['setTaskSchedule', 'replaceUnknownSchedule', notFlags],
  ['setTaskSchedule', 'schedule', [5, [], 'x', null, { hour: 3 }, { startHour: 24 }]],
  ['setRotationPolicy', 'taskId', [undefined, ...notReferences]],
  ['setRotationPolicy', 'daysToKeep', [undefined, ...notNumbers, -1, 3651]],
  ['setRotationPolicy', 'allowDeletion', notFlags],
  ['runBackup', 'taskId', [undefined, ...notReferences]],
  ['runBackup', 'ifRunning', ['', 'wait', null, true, [], 0]],
  ['cancelBackup', 'taskId', [undefined, ...notReferences]],
  ['deleteTask', 'taskId', [undefined, '1', 'Mail', ...notReferences]],
  ['deleteTask', 'confirm', notTexts],
  ['deleteTask', 'removeData', notFlags],
  ['deleteTask', 'confirmRemoveData', notTexts],
  ['relinkTask', 'taskName', [undefined, '', ' ', ...notTexts]],
  ['relinkTask', 'localShared', [undefined, '', '/Share', 'a/b', 'a\\b', '..', ...notTexts]],
  [
    'relinkTask',
    'localPath',
    [undefined, '', 'folder', '/', '/a/../b', '/..', '/./a', '/a\\b', null, 5, [], '/a\n', `/${'x'.repeat(4096)}`],
  ],
  ['relinkTask', 'adminEmail', [undefined, '', 'admin', '@', 'a@', '@b', 'a b@c', 'a@b@c', 'a@b,c@d', ...notTexts]],
  ['relinkTask', 'region', ['', ' ', ...notTexts]],
  ['listRuns', 'taskId', notReferences],
  ['listRuns', 'limit', [...notNumbers, 0, 5001]],
  ['listRuns', 'maxRows', [...notNumbers, 0, 5001]],
  ['listRuns', 'sinceMs', [...notNumbers.filter((value) => value !== '99999999999999999999'), -1]],
];

describe('parameters', () => {
  for (const [method, name, values] of bad) {
    it(`${method} refuses ${String(values.length)} bad values of ${name} and sends nothing`, async () => {
      const session = new StubSession(() => assert.fail('nothing may be sent'));
      for (const value of values) {
        const error = await rejects(
          call(clientOf(session), method, { ...valid[method], [name]: value }),
          'INVALID_INPUT',
          undefined,
          'not_sent',
        );
        // A field inside `schedule` is named itself.
        if (name !== 'schedule') assert.ok(error.message.startsWith(`${name}: `), error.message);
        assert.match(error.message, /expected /);
        assert.ok(error.message.length < 300, error.message);
      }
      assert.deepEqual(session.calls, []);
    });
  }

  it('counts more than 120 of them', () => {
    assert.ok(bad.reduce((sum, [, , values]) => sum + values.length, 0) > 120);
  });

  for (const method of Object.keys(valid) as Method[]) {
    it(`${method} refuses an unknown name and lists the known ones`, async () => {
      const session = new StubSession(() => assert.fail('nothing may be sent'));
      const input = { ...valid[method], startHours: 3 };
      const error = await rejects(
        call(clientOf(session), method, input),
        'INVALID_INPUT',
        /"startHours" is not a known parameter/,
      );
      for (const name of Object.keys(methodParameters[method])) assert.ok(error.message.includes(name), name);
      await rejects(call(clientOf(session), method, 'text'), 'INVALID_INPUT', /parameters: "text"/);
      await rejects(call(clientOf(session), method, [1]), 'INVALID_INPUT');
    });
  }

  it('words a refusal as field, value and what would be right', () => {
    const message = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        assert.ok(error instanceof ActiveBackupError);
        return error.message;
      }
      return 'nothing thrown';
    };
    assert.equal(
      message(() => fields.startHour.parse(24)),
      'startHour: 24 is not valid; expected a whole number from 0 to 23',
    );
    assert.equal(
      message(() => fields.startHour.parse('')),
      'startHour: "" is not valid; expected a whole number from 0 to 23',
    );
    assert.equal(
      message(() => readInput(methodParameters.setRotationPolicy, { taskId: 1 })),
      'daysToKeep: missing; expected a whole number from 0 to 3650 (0 = all versions)',
    );
  });

  it('takes digits as numbers, and the limits themselves', () => {
    assert.equal(fields.startHour.parse('8'), 8);
    assert.equal(fields.startHour.parse('08'), 8);
    assert.equal(fields.startHour.parse(23), 23);
    assert.equal(fields.startMinute.parse(59), 59);
    assert.equal(fields.daysToKeep.parse('3650'), 3650);
    assert.equal(fields.limit.parse(2000), 2000);
    assert.equal(fields.backupWorkers.parse(5), 5);
    assert.ok(Object.is(fields.offset.parse(-0), 0));
    assert.equal(fields.keyWord.parse(''), '');
    assert.equal(fields.keyWord.parse('x'.repeat(255)).length, 255);
  });

  it('takes policies by name or number', () => {
    const policies = ['continuous', 'manual', 'scheduled'];
    assert.deepEqual(
      [0, 1, 2].map((value) => fields.policy.parse(value)),
      policies,
    );
    assert.deepEqual(
      ['0', '1', '2'].map((value) => fields.policy.parse(value)),
      policies,
    );
    assert.deepEqual(
      policies.map((value) => fields.policy.parse(value)),
      policies,
    );
  });

  it('takes days as numbers or English names, in any order and any case, ascending afterwards', () => {
    assert.deepEqual(fields.runDays.parse([6, 0, 3]), [0, 3, 6]);
    assert.deepEqual(fields.runDays.parse(['Sunday', 'WED', 'fri', '1']), [0, 1, 3, 5]);
    assert.deepEqual(fields.runDays.parse('Mon, Tue'), [1, 2]);
    assert.deepEqual(fields.runDays.parse('0,1,2'), [0, 1, 2]);
    assert.deepEqual(fields.runDays.parse('saturday'), [6]);
  });

  it('understands the spelling of the documented client, and refuses two spellings that contradict each other', () => {
    const table = methodParameters.setTaskSchedule;
    assert.equal(readInput(table, { task_id: 1, start_hour: '8' }).startHour, 8);
    assert.equal(readInput(table, { taskId: 1, start_hour: '8', startHour: 8 }).startHour, 8);
    assert.throws(
      () => readInput(table, { taskId: 1, start_hour: 9, startHour: 8 }),
      /startHour: 8 and start_hour: 9 contradict/,
    );
    assert.deepEqual(readInput(table, { taskId: 1, run_days: [1, 0], runDays: 'Sun,Mon' }).runDays, [0, 1]);
  });

  it('reads only own properties of what it is given', () => {
    const given = Object.create({ taskId: 5 }) as object;
    assert.throws(() => readInput(methodParameters.runBackup, given), /taskId: missing/);
  });

  it('prints any value on one short line without running its code', () => {
    const hostile = { toString: () => assert.fail(), toJSON: () => assert.fail() };
    assert.equal(printValue(hostile), 'an object');
    assert.equal(printValue([1, [2], hostile, 'a', null, 6, 7]), '[1, an array, an object, "a", null, …]');
    assert.equal(printValue(Symbol('x')), 'a symbol');
    assert.equal(printValue(10n), 'a bigint');
    assert.equal(printValue('\u202eevil\n'), '"\\u202eevil\\n"');
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withSparseArray: true }), (value) => {
        const text = printValue(value);
        assert.ok(text.length < 400 && !/[\n\r\u2028]/.test(text), text);
      }),
    );
  });

  it('ends with a value or INVALID_INPUT for anything at all', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(fields)),
        fc.anything({ withBigInt: true, withNullPrototype: true }),
        (field, value) => {
          try {
            field.parse(value);
          } catch (error) {
            assert.ok(error instanceof ActiveBackupError && error.code === 'INVALID_INPUT');
          }
        },
      ),
    );
  });
});
