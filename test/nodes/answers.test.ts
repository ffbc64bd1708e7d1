// What an action node makes of a message: its answer, what it says about the call, and its errors.
import assert from 'node:assert/strict';
import { type EventEmitter } from 'node:events';
import { type FlowNode } from '../helpers/probe';
import { bare, codeOf } from '../runtime/nas-flow';
import { actionNames, allActions, type Bench, startBench, stopBenches } from './bench';

/** A message that each node can answer, in an order in which each can. */
const goodPayloads: [(typeof actionNames)[number], Record<string, unknown>, string, number | null][] = [
  ['get-tasks', {}, 'get_tasks', null],
  ['get-log', {}, 'get_package_log', null],
  ['get-settings', { taskId: 1 }, 'get_task_setting', 1],
  ['get-history', { taskId: 1 }, 'list_task_logs', 1],
  ['workers', {}, 'get_worker_count', null],
  ['set-schedule', { taskId: 1, policy: 'continuous' }, 'set_task_schedule', 1],
  ['set-retention', { taskId: 1, daysToKeep: 0 }, 'set_rotation_policy', 1],
  ['run-backup', { taskId: 1 }, 'run_backup', 1],
  ['cancel-backup', { taskId: 1 }, 'cancel_backup', 1],
  ['delete-task', { taskId: 2, confirm: 'Task 2' }, 'delete_task', 2],
  [
    'relink-task',
    { taskName: 'Again', localShared: 'ActiveBackup', localPath: '/a/task_2', adminEmail: 'admin@example.com' },
    'relink_task',
    3,
  ],
];

describe('the answer of an action node', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench(allActions(), { nas: { tasks: 2 } });
  });
  after(stopBenches);

  for (const [name, payload, method, taskId] of goodPayloads) {
    it(`${name} extends the message, says what was done, and is done once`, async () => {
      const req = { headers: { accept: 'text/html' } };
      const result = await bench.call(name, { payload, topic: 'mine', kept: { deep: [1, { two: 2 }] }, req });
      assert.equal(result.error, null, result.error?.message);
      assert.equal(result.endings, 1);
      assert.equal(result.outputs.length, 1);
      const { msg, port } = result.outputs[0]!;
      assert.equal(port, 0);
      const { payload: answer, activeBackup, topic, kept, req: sameReq, _msgid, ...others } = msg;
      assert.deepEqual(others, {});
      assert.deepEqual({ topic, kept, sameReq }, { topic: 'mine', kept: { deep: [1, { two: 2 }] }, sameReq: req });
      assert.ok(typeof _msgid === 'string' && typeof answer === 'object' && answer !== null);
      const { durationMs, errors, ...about } = activeBackup as Record<string, unknown>;
      assert.equal(errors, undefined);
      assert.deepEqual(about, { nas: 'office', method, taskId });
      assert.ok(typeof durationMs === 'number' && durationMs >= 0);
      assert.equal(result.statuses[0]?.fill, 'blue');
      assert.equal(bench.statusOf(name)?.fill, 'green');
    });
  }
});

describe('msg.activeBackup', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench([...allActions(), { ...bare('get-log'), id: 'new entries', onlyNew: true }], {
      nas: { tasks: [{}, { history: [] }] },
    });
  });
  after(stopBenches);

  const byName = [
    ...actionNames.filter((name) => !['workers', 'delete-task', 'relink-task'].includes(name)),
    'new entries',
  ];
  for (const name of byName) {
    it(`has the id of the task that ${name} was given by its name or in digits`, async () => {
      const more = goodPayloads.find(([one]) => one === name)?.[1];
      for (const taskId of ['Task 2', '2']) {
        const { outputs, error } = await bench.call(name, { payload: { ...more, taskId } });
        assert.equal(error, null, error?.message);
        assert.equal((outputs[0]!.msg.activeBackup as { taskId: unknown }).taskId, 2);
      }
    });
  }

  it('costs one look at the list a message, also where many pages are read', async () => {
    bench.nas.clearRequests();
    await bench.call('get-log', { payload: { taskId: 'Task 1', limit: 1, fetchAll: true, maxEntries: 3 } });
    assert.equal(bench.nas.count('list_tasks'), 1);
    assert.ok(bench.nas.count('get_all_log') > 1);
  });
});

describe('what two messages carry', () => {
  let bench: Bench;
  const nodes: FlowNode[] = (
    [
      ['get-tasks', {}],
      ['get-log', {}],
      ['get-history', { taskId: 1 }],
      ['get-settings', { taskId: 1 }],
      ['workers', {}],
    ] as const
  ).flatMap(([name, more]) =>
    ['fields', 'raw'].flatMap((output) =>
      [1, 2].map((number) => ({
        ...bare(name),
        ...more,
        id: `${name} ${output} ${number}`,
        output,
        ...(name === 'get-settings' ? { includeAccount: true, includeObjects: true } : {}),
      })),
    ),
  );
  const watches = ['first watch', 'second watch'].map((id) => ({ ...bare('watch'), id, sendCurrentState: true }));
  let atStart: Promise<Record<string, unknown>>[];
  before(async () => {
    bench = await startBench([...nodes, ...watches], { nas: { tasks: 2 } });
    atStart = watches.map(({ id }) => sentBy(id));
  });
  after(stopBenches);

  /** Every object and list in a value. */
  const partsOf = (value: unknown): object[] =>
    typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(partsOf)] : [];
  const sentBy = (id: string): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      const node: EventEmitter = bench.node(id);
      node.once('call:send', ({ args }: { args: [Record<string, unknown>] }) => resolve(args[0]));
    });

  const shareNothing = async (sent: Promise<Record<string, unknown>>[]): Promise<void> => {
    const [left, right] = await Promise.all(sent);
    assert.deepEqual(left?.payload, right?.payload);
    const parts = new Set(partsOf(left?.payload));
    assert.ok(parts.size > 0);
    assert.equal(partsOf(right?.payload).filter((part) => parts.has(part)).length, 0);
  };

  for (const [first, second] of nodes.flatMap(({ id }, index) =>
    index % 2 === 0 ? [[id, nodes[index + 1]!.id]] : [],
  )) {
    it(`is not shared by ${first} and ${second}, though the NAS was asked once`, async () => {
      const sending = [sentBy(first!), sentBy(second!)];
      await Promise.all([bench.call(first!, {}), bench.call(second!, {})]);
      await shareNothing(sending);
    });
  }

  it('is not shared by what two watches send at the start', () => shareNothing(atStart));
});

describe('where the answer goes', () => {
  let bench: Bench;
  const variant = (id: string, type: (typeof actionNames)[number], more: Record<string, unknown>): FlowNode => ({
    ...bare(type),
    id,
    ...more,
  });
  before(async () => {
    bench = await startBench(
      [
        variant('into topic', 'workers', { resultProperty: 'topic' }),
        variant('deep into', 'workers', { resultProperty: 'answers.of["the NAS"]' }),
        variant('into nothing', 'workers', { resultProperty: '' }),
        variant('into the impossible', 'workers', { resultProperty: 'topic.deeper' }),
        variant('into a mistake', 'workers', { resultProperty: 'a..b' }),
        variant('into a variable that is not set', 'workers', { resultProperty: '${ABM_TEST_NOT_THERE}' }),
        variant('raw tasks', 'get-tasks', { output: 'raw' }),
        variant('raw settings', 'get-settings', { output: 'raw' }),
        variant('raw log', 'get-log', { output: 'raw' }),
        variant('raw history', 'get-history', { output: 'raw' }),
        variant('raw workers', 'workers', { output: 'raw', resultProperty: 'raw' }),
        variant('raw write', 'set-retention', { output: 'raw' }),
      ],
      { nas: { tasks: 1, recordValues: true } },
    );
  });
  after(stopBenches);

  it('is the property that was chosen, and the payload stays', async () => {
    const { msg } = (await bench.call('into topic', { payload: {}, topic: 'mine' })).outputs[0]!;
    assert.deepEqual(msg.payload, {});
    assert.equal((msg.topic as { changed: boolean }).changed, false);
  });

  it('may be deep in the message', async () => {
    const { msg } = (await bench.call('deep into', { answers: { kept: true } })).outputs[0]!;
    const answers = msg.answers as { kept: boolean; of: Record<string, { changed: boolean }> };
    assert.equal(answers.kept, true);
    assert.equal(answers.of['the NAS']?.changed, false);
  });

  it('is the payload where none was chosen', async () => {
    const { msg } = (await bench.call('into nothing', { payload: 1 })).outputs[0]!;
    assert.equal((msg.payload as { changed: boolean }).changed, false);
  });

  it('is the message also where that is frozen: a copy of it goes on', async () => {
    const frozen = Object.freeze({ _msgid: 'frozen', payload: Object.freeze({}), kept: 'mine' });
    bench.node('into nothing').receive(frozen);
    const { msg } = await bench.seen(({ kind, msg: { _msgid } }) => kind === 'output' && _msgid === 'frozen');
    assert.equal((msg.payload as { changed: boolean }).changed, false);
    assert.deepEqual([msg.kept, (msg.activeBackup as { nas: string }).nas], ['mine', 'office']);
  });

  for (const id of ['into the impossible', 'into a mistake', 'into a variable that is not set']) {
    it(`is refused before the NAS is asked where it leads ${id}`, async () => {
      bench.nas.clearRequests();
      const result = await bench.call(id, { topic: 'text' });
      assert.equal(codeOf(result), 'INVALID_INPUT');
      assert.match(result.error?.message ?? '', /resultProperty/);
      assert.equal(bench.nas.requests.length, 0);
    });
  }

  it("is the NAS's own data untouched with the output raw", async () => {
    const raw = async (id: string, payload: unknown, property = 'payload'): Promise<Record<string, unknown>> => {
      const { outputs, error } = await bench.call(id, { payload });
      assert.equal(error, null, error?.message);
      return outputs[0]!.msg[property] as Record<string, unknown>;
    };
    const tasks = (await raw('raw tasks', {})).tasks as Record<string, unknown>[];
    assert.equal(tasks[0]?.task_id, 1);
    assert.ok('status_mail' in tasks[0]);
    const info = (await raw('raw settings', { taskId: 1 })).task_info as Record<string, unknown>;
    assert.equal(info.task_name, 'Task 1');
    assert.ok(Array.isArray((await raw('raw log', {})).logs));
    assert.equal((await raw('raw workers', {}, 'raw')).backup_job_worker_count, 40);
    assert.notEqual(await raw('raw history', { taskId: 1 }), null);
    assert.equal(await raw('raw write', { taskId: 1, daysToKeep: 0 }), null);
  });
});

describe('the errors of an action node', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench(
      [
        ...allActions(),
        ...actionNames.map((name) => ({ ...bare(name), id: `${name} without`, nas: '' })),
        { ...bare('get-tasks'), id: 'of another type', nas: 'another type' },
        { ...bare('get-tasks'), id: 'not there', nas: 'nowhere' },
        { ...bare('get-tasks'), id: 'unset', nas: '${ABM_TEST_NO_NAS}' },
        { ...bare('get-tasks'), id: 'no url', nas: 'nas-without-url' },
        bare('watch'),
        bare('home-assistant'),
      ],
      {
        nas: { tasks: 1 },
        beside: [
          { id: 'another type', type: 'helper', name: 'no NAS' },
          {
            id: 'nas-without-url',
            type: 'active-backup-nas',
            slug: 'none',
            credentials: { username: 'a', password: 'b' },
          },
        ],
      },
    );
  });
  after(stopBenches);

  it('have a name, a code, and a plain cause that says the same and what is known of the outcome', async () => {
    const { error, outputs, endings } = await bench.call('get-settings', { payload: { taskId: 99 }, kept: true });
    assert.ok(error !== null);
    assert.deepEqual(outputs, []);
    assert.equal(endings, 1);
    assert.match(error.message, /^ActiveBackupError: taskId: no task 99; known tasks are 1 \("Task 1"\)$/);
    assert.equal(error.code, 'TASK_NOT_FOUND');
    assert.deepEqual(error.cause, { code: 'TASK_NOT_FOUND', outcome: 'not_sent' });
    assert.equal(Object.getPrototypeOf(error.cause), Object.prototype);
    assert.deepEqual(bench.statusOf('get-settings'), { fill: 'red', shape: 'dot', text: 'no such task' });
  });

  it("carry DSM's number where there is one", async () => {
    bench.nas.faults.add({ method: 'get_worker_count', kind: 'code', code: 105, times: 5 });
    const { error } = await bench.call('workers', {});
    bench.nas.faults.clear();
    assert.equal(error?.cause?.code, 'PERMISSION_DENIED');
    assert.equal(error.cause.dsmCode, 105);
  });

  it('leave the message as it was', async () => {
    await bench.call('get-settings', { payload: { taskId: 99 }, topic: 'mine', kept: { deep: true } });
    const { msg } = bench.records.findLast(({ kind }) => kind === 'error')!;
    assert.deepEqual(msg.payload, { taskId: 99 });
    assert.deepEqual([msg.topic, msg.kept, msg.activeBackup], ['mine', { deep: true }, undefined]);
  });

  for (const [id, payload] of [
    ['get-tasks', {}],
    ['get-tasks', { nobody: 'knows' }],
    ['watch', {}],
    ['home-assistant', {}],
  ] as const) {
    it(`are only logged where Node-RED cannot copy the message for its own nodes, and do not end it: ${id}`, async () => {
      let nested: object = {};
      for (let depth = 0; depth < 20_000; depth += 1) nested = { nested };
      const logged = new Promise<void>((resolve) => {
        const node: EventEmitter = bench.node(id);
        node.on('call:error', ({ args }: { args: [unknown, unknown] }) => {
          if (args[0] instanceof RangeError && args[1] === undefined) resolve();
        });
      });
      bench.send(id, { payload, nested });
      await logged;
    });
  }

  it('are gone from the badge after the next answer', async () => {
    await bench.call('workers', { payload: { backupWorkers: 1 } });
    assert.equal(bench.statusOf('workers')?.fill, 'red');
    await bench.call('workers', {});
    assert.equal(bench.statusOf('workers')?.fill, 'green');
  });

  const unconfigured = [
    ...actionNames.map((name) => `${name} without`),
    'of another type',
    'not there',
    'unset',
    'no url',
  ];
  for (const id of unconfigured) {
    it(`are NOT_CONFIGURED, with a red ring from the start: ${id}`, async () => {
      assert.deepEqual(bench.statusOf(id), { fill: 'red', shape: 'ring', text: 'not configured' });
      const payload = goodPayloads.find(([name]) => id.startsWith(name))?.[1] ?? {};
      const result = await bench.call(id, { payload });
      assert.equal(codeOf(result), 'NOT_CONFIGURED');
      assert.equal(result.endings, 1);
      assert.deepEqual(result.outputs, []);
    });
  }
});
