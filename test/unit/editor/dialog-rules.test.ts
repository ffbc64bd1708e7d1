// The pure parts of the dialogs: what is marked as wrong, what nodes are called, and what is stored.
import assert from 'node:assert/strict';
import { nasLabel, labelOf, type LabelWords } from '../../../lib/editor/labels';
import { areAcceptableLimits, fieldsOfLimits, limitsOfFields } from '../../../lib/editor/limits';
import { parameterOf, parameters } from '../../../lib/editor/parameters';
import { settingRules } from '../../../lib/editor/rules';
import { nextSlot, slotHours, wallTime } from '../../../lib/editor/schedule-words';
import { makeSlug, toSlug } from '../../../lib/editor/slug';
import { isAcceptable, isAcceptableSetting } from '../../../lib/editor/validation';
import { catalogOf } from './node-files';

const english = catalogOf('en-US', 'nas');
const words: LabelWords = {
  text: (key, values = {}) =>
    (english.get(key) ?? key).replace(/__(\w+?)__/g, (_place, name: string) => String(values[name])),
  nasName: () => 'Office',
};

describe('the validation of a dialog', () => {
  const accepted: [string, string, unknown, unknown][] = [
    ['get-log', 'limit', '200', 'num'],
    ['get-log', 'limit', '', 'num'],
    ['get-log', 'limit', 'anything', 'payload'],
    ['get-log', 'limit', 'count', 'msg'],
    ['get-log', 'limit', '$count(x)', 'jsonata'],
    ['get-log', 'limit', '${LIMIT}', 'num'],
    ['get-log', 'limit', undefined, undefined],
    ['get-log', 'limit', 100, undefined],
    ['get-log', 'fetchAll', 'true', 'bool'],
    ['get-history', 'limit', '5000', 'num'],
    ['set-schedule', 'policy', '2', 'num'],
    ['set-schedule', 'runDays', '1,2,Fri', 'str'],
    ['set-schedule', 'runDays', [1, 5], undefined],
    ['set-retention', 'daysToKeep', '0', 'num'],
    ['run-backup', 'taskId', 'Tenant A', 'str'],
  ];
  for (const [node, name, value, type] of accepted) {
    it(`accepts ${node} ${name} = ${String(value)} (${String(type)})`, () => {
      assert.ok(isAcceptable(parameterOf(node, name), value, type));
    });
  }

  const refused: [string, string, unknown, unknown][] = [
    ['get-log', 'limit', '2001', 'num'],
    ['get-log', 'limit', '0', 'num'],
    ['get-log', 'limit', '1.5', 'num'],
    ['get-log', 'limit', 'many', 'num'],
    ['get-log', 'limit', 5000, undefined],
    ['get-history', 'limit', '5001', 'num'],
    ['workers', 'backupWorkers', '4', 'num'],
    ['set-schedule', 'startHour', '24', 'num'],
    ['set-schedule', 'runDays', '1,1', 'str'],
    ['set-schedule', 'runDays', [1, 7], undefined],
    ['set-retention', 'daysToKeep', '', 'num'],
    ['run-backup', 'taskId', '', 'num'],
    ['run-backup', 'timeoutSeconds', '0', 'num'],
    ['delete-task', 'taskId', 'Tenant A', 'str'],
    ['relink-task', 'localPath', 'no/slash', 'str'],
  ];
  for (const [node, name, value, type] of refused) {
    it(`refuses ${node} ${name} = ${String(value)} (${String(type)})`, () => {
      assert.ok(!isAcceptable(parameterOf(node, name), value, type));
    });
  }

  it('takes every suggestion and every choice that the dialogs offer', () => {
    for (const [node, rows] of Object.entries(parameters)) {
      for (const [name, parameter] of Object.entries(rows)) {
        const type = parameter.choiceType ?? (parameter.kind === 'number' ? 'num' : 'str');
        const offered = (parameter.choices ?? []).map((choice) => choice.value);
        if (parameter.suggested !== undefined) offered.push(parameter.suggested);
        for (const value of offered) assert.ok(isAcceptable(parameter, value, type), `${node} ${name} ${value}`);
      }
    }
  });

  it('knows what a connection takes', () => {
    assert.ok(isAcceptableSetting(settingRules.url, 'https://nas.example:5001', true));
    assert.ok(isAcceptableSetting(settingRules.url, '${NAS_URL}', true));
    assert.ok(!isAcceptableSetting(settingRules.url, 'nas.example', true));
    assert.ok(!isAcceptableSetting(settingRules.url, 'https://user:secret@nas.example', true));
    assert.ok(!isAcceptableSetting(settingRules.url, '', true));
    assert.ok(isAcceptableSetting(settingRules.pollSeconds, ''));
    assert.ok(!isAcceptableSetting(settingRules.pollSeconds, '4'));
    assert.ok(isAcceptableSetting(settingRules.timeZone, 'Europe/Berlin'));
    assert.ok(!isAcceptableSetting(settingRules.timeZone, 'Europe/Bärlin'));
    assert.ok(isAcceptableSetting(settingRules.certificateSha256, Array(32).fill('AB').join(':')));
    assert.ok(!isAcceptableSetting(settingRules.certificateSha256, 'AB:CD'));
    assert.ok(!isAcceptableSetting(settingRules.topicPart, 'a/#'));
  });
});

describe('the label of a node', () => {
  it('says what the node does', () => {
    const node = { taskId: '1', taskIdType: 'num', taskLabel: 'Tenant A', wait: 'true', waitType: 'bool' };
    assert.equal(labelOf('run-backup', node, 'Run backup', words), 'Run backup: Tenant A, wait');
  });

  it('falls back to the id, and to the bare word when the message decides', () => {
    assert.equal(labelOf('cancel-backup', { taskId: '3', taskIdType: 'num' }, 'Cancel', words), 'Cancel: task 3');
    assert.equal(labelOf('cancel-backup', { taskId: 3 }, 'Cancel', words), 'Cancel: task 3');
    assert.equal(labelOf('cancel-backup', { taskId: '', taskIdType: 'payload' }, 'Cancel', words), 'Cancel');
    assert.equal(labelOf('cancel-backup', {}, 'Cancel', words), 'Cancel');
  });

  it('stays short, however long the name of a task is', () => {
    const node = { taskId: '1', taskIdType: 'num', taskLabel: '🚀'.repeat(200), wait: 'true', waitType: 'bool' };
    assert.equal(labelOf('run-backup', node, 'Run', words), `Run: ${'🚀'.repeat(59)}…, wait`);
    const short = 'x'.repeat(60);
    assert.equal(labelOf('relink-task', { taskName: short, taskNameType: 'str' }, 'Relink', words), `Relink: ${short}`);
  });

  it('names the source of a value', () => {
    assert.equal(labelOf('get-settings', { taskId: 'task', taskIdType: 'msg' }, 'Get', words), 'Get: msg.task');
    assert.equal(labelOf('get-settings', { taskId: '#:(file)::id', taskIdType: 'flow' }, 'Get', words), 'Get: flow.id');
    assert.equal(labelOf('get-settings', { taskId: 'a + b', taskIdType: 'jsonata' }, 'Get', words), 'Get');
  });

  it('is the name where one was given', () => {
    assert.equal(labelOf('watch', { name: 'Alarm', nas: 'x' }, 'Watch', words), 'Alarm');
  });

  it('tells retention and events in words', () => {
    const keep = { taskId: '1', taskIdType: 'num', daysToKeep: '0', daysToKeepType: 'num' };
    assert.equal(labelOf('set-retention', keep, 'Set', words), 'Set: task 1, all versions');
    assert.equal(labelOf('set-retention', { ...keep, daysToKeep: '1' }, 'Set', words), 'Set: task 1, 1 day');
    assert.equal(labelOf('set-retention', { ...keep, daysToKeep: '30' }, 'Set', words), 'Set: task 1, 30 days');
    assert.equal(
      labelOf('watch', { nas: 'x', events: ['failed', 'nas_lost'] }, 'Watch', words),
      'Watch: Office, Failed, NAS lost',
    );
    assert.equal(
      labelOf('watch', { allNas: true, events: ['a', 'b', 'c'] }, 'Watch', words),
      'Watch: all NAS, 3 events',
    );
  });

  it('of a connection is its name or its host', () => {
    assert.equal(nasLabel({ name: 'Office', url: 'https://a' }), 'Office');
    assert.equal(nasLabel({ name: '', url: 'https://nas.example:5001' }), 'nas.example:5001');
    assert.equal(nasLabel({}), '');
  });
});

describe('the short id of a connection', () => {
  it('is made of the name, else the host, and is never taken twice', () => {
    assert.equal(makeSlug('Büro München', 'https://nas.example', new Set()), 'buro_munchen');
    assert.equal(makeSlug('', 'https://nas.example:5001', new Set()), 'nas_example');
    assert.equal(makeSlug('${NAME}', '${URL}', new Set()), 'nas');
    assert.equal(makeSlug('Office', '', new Set(['office', 'office_2'])), 'office_3');
    assert.equal(makeSlug('Home task 1', '', new Set()), 'home_task1');
    assert.equal(makeSlug('Home task', '', new Set(['home_task'])), 'home_task2');
    assert.ok(!isAcceptableSetting(settingRules.slug, 'home_task_1', true));
    assert.ok(isAcceptableSetting(settingRules.slug, 'home_task_one', true));
  });

  it('always is one that the run time takes', () => {
    for (const name of ['', '漢字', '---', 'A'.repeat(200), 'x'.repeat(39) + ' y']) {
      assert.ok(isAcceptableSetting(settingRules.slug, makeSlug(name, 'https://[::1]:5001', new Set()), true), name);
    }
    assert.equal(toSlug('  '), '');
  });
});

describe('the limits of a connection', () => {
  const stored = { graceHours: 8, partialIsProblem: false, tasks: { '2': 48, '7': 'ignore' } };

  it('come back from the dialog as they were', () => {
    for (const limits of [
      stored,
      {},
      undefined,
      '${LIMITS}',
      '{"graceHours": 4}',
      '{',
      { graceHours: '${HOURS}', partialIsProblem: '${SWITCH}', tasks: { '1': '${HOURS}' } },
      { partialIsProblem: 'false', tasks: null },
    ]) {
      assert.deepEqual(limitsOfFields(fieldsOfLimits(limits), limits), limits);
    }
  });

  it('are changed only where a field was', () => {
    const limits = { graceHours: '${HOURS}', partialIsProblem: '${SWITCH}', tasks: { '1': '${HOURS}' } };
    for (const from of [limits, JSON.stringify(limits)]) {
      assert.deepEqual(limitsOfFields({ ...fieldsOfLimits(from), manualHours: '48' }, from), {
        ...limits,
        manualHours: 48,
      });
      const { graceHours, ...others } = limits;
      assert.deepEqual(limitsOfFields({ ...fieldsOfLimits(from), graceHours: ' ' }, from), others, graceHours);
    }
    const off = { partialIsProblem: 'false' };
    assert.equal(fieldsOfLimits(off).partialIsProblem, false);
    assert.deepEqual(limitsOfFields({ ...fieldsOfLimits(off), partialIsProblem: true }, off), {});
    assert.deepEqual(limitsOfFields({ ...fieldsOfLimits({}), partialIsProblem: false }, {}), {
      partialIsProblem: false,
    });
    assert.deepEqual(limitsOfFields({ ...fieldsOfLimits(stored), tasks: [] }, stored), {
      graceHours: 8,
      partialIsProblem: false,
    });
  });

  it('keep what is wrong, so that it is seen and refused', () => {
    const limits = limitsOfFields({ ...fieldsOfLimits({}), graceHours: 'six' }, {});
    assert.deepEqual(limits, { graceHours: 'six' });
    assert.ok(!areAcceptableLimits(limits));
    assert.ok(!areAcceptableLimits({ tasks: { x: 3 } }));
    assert.ok(areAcceptableLimits(stored));
    assert.ok(areAcceptableLimits(undefined));
    assert.ok(areAcceptableLimits({ manualHours: '${HOURS}' }));
    assert.ok(areAcceptableLimits('${LIMITS}'));
    assert.ok(areAcceptableLimits('{"graceHours": 4}'));
    for (const wrong of ['{"graceHours": "six"}', '{', '4', [], 4]) assert.ok(!areAcceptableLimits(wrong));
  });
});

describe('the sentence of a schedule', () => {
  const hourly = { startHour: 8, startMinute: 30, repeatEveryHours: 4, lastRunHour: 23, runDays: [1, 2, 3, 4, 5] };

  it('knows the slots of a day', () => {
    assert.deepEqual(slotHours(hourly), [8, 12, 16, 20]);
    assert.deepEqual(slotHours({ ...hourly, repeatEveryHours: 0 }), [8]);
  });

  it('finds the next run today, tomorrow and after the weekend', () => {
    assert.deepEqual(nextSlot(hourly, { day: 1, hour: 12, minute: 29 }), { inDays: 0, hour: 12, minute: 30 });
    assert.deepEqual(nextSlot(hourly, { day: 1, hour: 20, minute: 30 }), { inDays: 1, hour: 8, minute: 30 });
    assert.deepEqual(nextSlot(hourly, { day: 5, hour: 21, minute: 0 }), { inDays: 3, hour: 8, minute: 30 });
    assert.equal(nextSlot({ ...hourly, runDays: [] }, { day: 5, hour: 21, minute: 0 }), null);
  });

  it('comes round to the same day of the next week', () => {
    const weekly = { ...hourly, repeatEveryHours: 0, runDays: [0] };
    assert.deepEqual(nextSlot(weekly, { day: 0, hour: 8, minute: 30 }), { inDays: 7, hour: 8, minute: 30 });
  });

  it('reads the clock of the NAS', () => {
    assert.deepEqual(wallTime(Date.UTC(2026, 10, 22, 23, 15), 'Europe/Berlin'), { day: 1, hour: 0, minute: 15 });
    assert.equal(wallTime(0, 'Nowhere'), null);
  });
});
