// Where a node's parameters come from: the message, the node's own properties, or their defaults.
import assert from 'node:assert/strict';
import { type CallResult, type FlowNode, type Message } from '../helpers/probe';
import { bare, codeOf } from '../runtime/nas-flow';
import { type Bench, startBench, stopBenches } from './bench';

/** A node whose task comes from a property of its own. An id may not equal a property, so it is longer than the name. */
function typed(name: string, value: unknown, type: string, more: Record<string, unknown> = {}): FlowNode {
  return { ...bare('get-settings'), id: idOf(name), taskId: value, taskIdType: type, ...more };
}

function idOf(name: string): string {
  return `with ${name}`;
}

function answerOf({ outputs, error }: CallResult): Record<string, unknown> {
  assert.equal(error, null, error?.message);
  return outputs[0]!.msg.payload as Record<string, unknown>;
}

describe('parameters of action nodes', () => {
  let bench: Bench;
  const environment = { ABM_TEST_TASK: 'Task 2', ABM_TEST_SWITCH: 'true', ABM_TEST_HOUR: '4' };

  before(async () => {
    Object.assign(process.env, environment);
    bench = await startBench(
      [
        bare('get-settings'),
        bare('get-tasks'),
        bare('get-log'),
        bare('set-schedule'),
        typed('str', 'Task 2', 'str'),
        typed('str with digits', '2', 'str'),
        typed('num', '2', 'num'),
        typed('msg', 'wanted.task', 'msg'),
        typed('flow', 'task', 'flow'),
        typed('global', 'task', 'global'),
        typed('env', 'ABM_TEST_TASK', 'env'),
        typed('jsonata', '$number(topic) + 1', 'jsonata'),
        typed('json', '2', 'json'),
        typed('no type', 2, '', { taskIdType: undefined }),
        typed('empty', '', 'str'),
        typed('num that is none', 'abc', 'num'),
        typed('msg that is not there', 'nowhere.to.be.found', 'msg'),
        typed('env that is not set', 'ABM_TEST_NOT_THERE', 'env'),
        typed('variable', '${ABM_TEST_NOT_THERE}', 'str'),
        typed('variable as a number', '$(ABM_TEST_NOT_THERE)', 'num'),
        typed('variable without a type', '${ABM_TEST_NOT_THERE}', '', { taskIdType: undefined }),
        typed('variable that is set', '${ABM_TEST_TASK}', 'str'),
        typed('jsonata that gives a list', '[1, 2]', 'jsonata'),
        typed('jsonata that gives nothing', 'nowhere', 'jsonata'),
        typed('jsonata with a mistake', '$$$(', 'jsonata'),
        typed('json with a mistake', '{', 'json'),
        typed('bool', '2', 'num', { includeAccount: 'true', includeAccountType: 'bool' }),
        typed('env as a switch', '2', 'num', { includeAccount: 'ABM_TEST_SWITCH', includeAccountType: 'env' }),
        { ...bare('set-schedule'), id: idOf('env as a number'), startHour: 'ABM_TEST_HOUR', startHourType: 'env' },
      ],
      { nas: { tasks: 3 } },
    );
    bench.node(idOf('flow')).context().flow.set('task', 3);
    bench.node(idOf('global')).context().global.set('task', 'Task 1');
  });
  after(async () => {
    await stopBenches();
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  });

  it('come from msg.payload, in either spelling, when nothing else is said', async () => {
    assert.equal(answerOf(await bench.call('get-settings', { payload: { taskId: 2 } })).taskId, 2);
    assert.equal(answerOf(await bench.call('get-settings', { payload: { task_id: 'Task 3' } })).taskId, 3);
  });

  const sources: [string, Message, number][] = [
    ['str', { payload: { taskId: 1 } }, 2],
    ['str with digits', { payload: { taskId: 1 } }, 2],
    ['num', { payload: { taskId: 1, task_id: 3 } }, 2],
    ['msg', { payload: { taskId: 1 }, wanted: { task: 3 } }, 3],
    ['flow', { payload: { taskId: 1 } }, 3],
    ['global', { payload: { taskId: 2 } }, 1],
    ['env', { payload: { id: 1 } }, 2],
    ['jsonata', { payload: { taskId: 1 }, topic: '1' }, 2],
    ['json', { payload: { taskId: 1 } }, 2],
  ];
  for (const [id, msg, expected] of sources) {
    it(`come from a property of type ${id} before they come from the payload`, async () => {
      assert.equal(answerOf(await bench.call(idOf(id), msg)).taskId, expected);
    });
  }

  it('come from a property that a flow by hand holds without a type, after the payload', async () => {
    assert.equal(answerOf(await bench.call(idOf('no type'), {})).taskId, 2);
    assert.equal(answerOf(await bench.call(idOf('no type'), { payload: { taskId: 3 } })).taskId, 3);
    assert.equal(answerOf(await bench.call(idOf('no type'), { payload: { task_id: 1 } })).taskId, 1);
  });

  for (const id of ['empty', 'msg that is not there', 'env that is not set', 'jsonata that gives nothing']) {
    it(`are missing with a property of type ${id}`, async () => {
      bench.nas.clearRequests();
      const result = await bench.call(idOf(id), { payload: { taskId: 1 } });
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', /taskId: missing; expected a task id/);
      assert.equal(bench.nas.requests.length, 0);
    });
  }

  const mistakes: [string, RegExp][] = [
    ['num that is none', /taskId: NaN is not valid/],
    ['jsonata that gives a list', /taskId: \[1, 2\] is not valid/],
    ['jsonata with a mistake', /taskId: its jsonata expression could not be evaluated/],
    ['json with a mistake', /taskId: its json expression could not be evaluated/],
  ];
  for (const [id, message] of mistakes) {
    it(`are refused with a property of type ${id}, and nothing is sent`, async () => {
      bench.nas.clearRequests();
      const result = await bench.call(idOf(id), { payload: { taskId: 1 } });
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', message);
      assert.equal(bench.nas.requests.length, 0);
    });
  }

  it('are switches from type bool and from an environment variable', async () => {
    assert.ok('account' in answerOf(await bench.call(idOf('bool'))));
    assert.ok('account' in answerOf(await bench.call(idOf('env as a switch'))));
    assert.ok(!('account' in answerOf(await bench.call(idOf('num')))));
  });

  it('are numbers from an environment variable', async () => {
    const { after } = answerOf(await bench.call(idOf('env as a number'), { payload: { taskId: 3 } }));
    assert.equal((after as { schedule: { startHour: number } }).schedule.startHour, 4);
  });

  it('have defaults', async () => {
    const { offset, limit } = answerOf(await bench.call('get-log', { payload: {} }));
    assert.deepEqual({ offset, limit }, { offset: 0, limit: 200 });
  });

  it('count as not given where null stands under a name of our answers, and null is wrong under any other', async () => {
    const { offset, limit } = answerOf(await bench.call('get-log', { payload: { taskId: null, limit: null } }));
    assert.deepEqual({ offset, limit }, { offset: 0, limit: 200 });
    assert.equal(answerOf(await bench.call('get-tasks', { payload: { id: 2, taskId: null } })).id, 2);
    const result = await bench.call('get-log', { payload: { keyWord: null } });
    assert.match(result.error?.message ?? '', /keyWord: null is not valid/);
  });

  for (const id of ['variable', 'variable as a number', 'variable without a type']) {
    it(`name the variable that is not set in a ${id}, and nothing is sent`, async () => {
      bench.nas.clearRequests();
      const result = await bench.call(idOf(id), {});
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', /taskId: the environment variable ABM_TEST_NOT_THERE is not set/);
      assert.equal(bench.nas.requests.length, 0);
    });
  }

  it('are what a variable says that is set', async () => {
    assert.equal(answerOf(await bench.call(idOf('variable that is set'))).taskId, 2);
  });

  it('take the id of a task for its taskId, unless that is said too', async () => {
    assert.equal(answerOf(await bench.call('get-tasks', { payload: { id: 3 } })).id, 3);
    assert.equal(answerOf(await bench.call('get-tasks', { payload: { id: 3, taskId: 2 } })).id, 2);
    assert.equal(answerOf(await bench.call('get-tasks', { payload: { id: 3, task_id: 2 } })).id, 2);
  });

  for (const payload of [1733794236000, '2', true, [2], null, undefined, Buffer.from('2')]) {
    const shown = Buffer.isBuffer(payload) ? 'a buffer' : JSON.stringify(payload);
    it(`are not read from a payload that is ${shown}`, async () => {
      const { outputs, error } = await bench.call('get-tasks', { payload });
      assert.equal(error, null, error?.message);
      assert.equal((outputs[0]!.msg.payload as unknown[]).length, 3);
    });
  }

  it('refuse a name that is none of theirs, and list the known ones', async () => {
    const result = await bench.call('set-schedule', { payload: { taskId: 1, startHuor: 4 } });
    assert.equal(codeOf(result), 'INVALID_INPUT');
    assert.match(
      result.error?.message ?? '',
      /msg\.payload\.startHuor is not known; expected taskId, policy, startHour, startMinute, lastRunHour, repeatEveryHours, runDays/,
    );
  });

  it('say how a secret-looking or broken name was written on one line', async () => {
    const result = await bench.call('get-tasks', { payload: { 'new\nline"\u202e': 1 } });
    assert.match(result.error?.message ?? '', /msg\.payload\.new\\nline\\"\\u202e is not known/);
  });
});
