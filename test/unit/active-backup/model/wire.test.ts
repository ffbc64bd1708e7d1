// How tolerant the reading of `list_tasks` is, and where it refuses.
import assert from 'node:assert/strict';
import { readNumber, readSwitch } from '../../../../lib/active-backup/readings';
import { readTaskList } from '../../../../lib/active-backup/wire';
import { read, seedAnswer, seedTask } from './support';

const invalid = { code: 'INVALID_RESPONSE' };

describe('a number of the wire', () => {
  it('is a number, also where it comes as text', () => {
    for (const [value, number] of [
      [7, 7],
      ['7', 7],
      [' 7 ', 7],
      ['-87', -87],
      [-87, -87],
      ['0', 0],
      ['-0', 0],
      ['319196921578', 319196921578],
      [4294967295, 4294967295],
      ['12.5', 12.5],
    ] as const) {
      assert.equal(readNumber(value), number, JSON.stringify(value));
    }
  });

  it('is null where it is absent or null', () => {
    assert.equal(readNumber(null), null);
    assert.equal(readNumber(undefined), null);
  });

  it('is unreadable where something else stands, never a number by accident', () => {
    for (const value of [
      '',
      ' ',
      'x',
      '1x',
      '0x10',
      '1e3',
      'NaN',
      'Infinity',
      NaN,
      Infinity,
      true,
      false,
      [],
      [1],
      {},
    ]) {
      assert.equal(readNumber(value), 'unreadable', JSON.stringify(value));
    }
    assert.equal(readNumber('9'.repeat(400)), 'unreadable');
  });

  it('is a boolean only where a switch belongs', () => {
    assert.deepEqual([true, false, 'true', 'false', 1, 0, '1', null].map(readSwitch), [1, 0, 1, 0, 1, 0, 1, null]);
  });
});

describe('the list of tasks', () => {
  it('is refused where tasks is missing or no list, instead of being taken for no tasks', () => {
    for (const data of [undefined, null, [], 'x', 3, {}, { tasks: null }, { tasks: {} }, { tasks: 'none' }]) {
      assert.throws(() => readTaskList(data), invalid, JSON.stringify(data));
    }
    assert.deepEqual(readTaskList({ tasks: [] }).tasks, []);
  });

  it('is refused where an element has no usable id', () => {
    const ids = [undefined, null, '', 'x', true, 1.5, -1, 4294967295, '4294967295', {}, 2 ** 60];
    for (const id of ids)
      assert.throws(() => readTaskList({ tasks: [seedTask({ task_id: id })] }), invalid, JSON.stringify(id));
    for (const element of [null, 1, 'task', [], [1]]) assert.throws(() => readTaskList({ tasks: [element] }), invalid);
  });

  it('takes an id made of digits', () => {
    assert.equal(readTaskList({ tasks: [seedTask({ task_id: '12' })] }).tasks[0]?.id, 12);
  });

  it('takes the same element twice as one task and refuses two different ones with one id', () => {
    assert.equal(readTaskList({ tasks: [seedTask(), seedTask()] }).tasks.length, 1);
    assert.throws(() => readTaskList({ tasks: [seedTask(), seedTask({ status: 6 })] }), invalid);
  });

  it('names a task without a name after its id', () => {
    for (const name of [undefined, null, '', 7]) assert.equal(read(seedTask({ task_name: name })).name, 'Task 1');
  });

  it('lives without users, service usage and events', () => {
    const { package: state, eventLog } = readTaskList({ tasks: [seedTask()] });
    assert.deepEqual(eventLog, []);
    assert.deepEqual(state.objects, { total: null, users: null, sites: null, teams: null });
    assert.equal(state.usedBytes, null);
  });

  it('counts objects without types in the total only', () => {
    const answer = seedAnswer();
    for (const user of answer.users) delete user.type;
    assert.deepEqual(readTaskList(answer).package.objects, { total: 3, users: null, sites: null, teams: null });
  });

  it('is not fooled by names of the prototype', () => {
    const task = JSON.parse(
      '{"task_id":1,"task_name":"p","__proto__":{"status":1,"last_execution_time":1733794235},"constructor":{"status":1}}',
    ) as Record<string, unknown>;
    assert.equal(read(task).result, 'never');
    assert.equal(({} as Record<string, unknown>).status, undefined);
  });

  it('reads 2,000 tasks and 100,000 objects', () => {
    const users = Array.from({ length: 100_000 }, (_, index) => ({ type: index % 2 === 0 ? 0 : 1, usage_total: 1 }));
    const tasks = Array.from({ length: 2000 }, (_, index) => seedTask({ task_id: index + 1 }));
    const list = readTaskList({ tasks, users });
    assert.equal(list.tasks.length, 2000);
    assert.deepEqual(list.package.objects, { total: 100_000, users: 50_000, sites: 50_000, teams: 0 });
  });
});

describe('sizes and sums', () => {
  it('pass 2^32, and 4294967295 bytes are bytes', () => {
    const task = read(seedTask({ drive_used_storage: 4294967295, mail_used_storage: '5000000000' }));
    assert.equal(task.services.drive?.usedBytes, 4294967295);
    assert.equal(task.services.mail?.usedBytes, 5_000_000_000);
  });

  it('leave out what is no size', () => {
    const task = read(seedTask({ drive_used_storage: 'lots', mail_used_storage: -1, site_used_storage: null }));
    assert.equal(task.services.drive?.usedBytes, null);
    assert.equal(task.services.mail?.usedBytes, null);
    assert.equal(task.usedBytes, 9704366035 + 2561252 + 259976 + 46484);
  });

  it('are null where no service tells', () => {
    const task = read({ task_id: 1, task_name: 'bare' });
    assert.equal(task.usedBytes, null);
    assert.deepEqual(task.services, {});
  });
});
