// The answer of any node may be the payload of any other: what it holds is known there, and never a mistake.
import assert from 'node:assert/strict';
import { bare, codeOf } from '../runtime/nas-flow';
import { actionNames, allActions, type Bench, startBench, stopBenches } from './bench';

type Payload = Record<string, unknown>;

describe('chaining nodes', function () {
  this.timeout(30_000);
  let bench: Bench;
  /** Real answers by what they are of. */
  const answers = new Map<string, Payload>();

  before(async () => {
    bench = await startBench(
      [
        ...allActions(),
        { ...bare('watch'), events: ['polled', 'started', 'success'], sendCurrentState: true },
        { ...bare('set-schedule'), id: 'at four', startHour: '4', startHourType: 'num' },
        { ...bare('set-retention'), id: 'for ninety days', daysToKeep: '90', daysToKeepType: 'num' },
        {
          ...bare('relink-task'),
          id: 'relinked by',
          localShared: 'ActiveBackup',
          localSharedType: 'str',
          adminEmail: 'admin@example.com',
          adminEmailType: 'str',
        },
      ],
      { nas: { tasks: [{ name: 'Tenant A', policy: 'scheduled', daysToKeep: 30 }, {}, { history: [] }, {}] } },
    );
    // A later package may have settings that nobody has heard of.
    const grown = { enable_new_thing: true, brand_new_number: 7, is_shiny: false };
    const shrink = bench.nas.mutate('get_task_setting', (data) => {
      const answer = data as { task_info: Payload };
      return { ...answer, task_info: { ...answer.task_info, ...grown } };
    });
    bench.nas.task(4).script({ durationSeconds: 2 });
    const keep = async (what: string, node: string, payload: Payload): Promise<Payload> => {
      const answer = await bench.ask(node, payload);
      answers.set(what, answer);
      return answer;
    };
    await keep('get-tasks', 'get-tasks', { taskId: 1 });
    await keep('get-tasks of a task that never ran', 'get-tasks', { taskId: 3 });
    const [task] = (await bench.ask('get-tasks', { allNas: true })) as unknown as Payload[];
    answers.set('get-tasks of all NASes', task!);
    await keep('get-tasks in short', 'get-tasks', { summary: true });
    await keep('get-log', 'get-log', {});
    const { entries } = await keep('get-log of a task', 'get-log', { taskId: 1 });
    answers.set('an entry of get-log', (entries as Payload[])[0] ?? {});
    await keep('get-settings', 'get-settings', { taskId: 1 });
    await keep('get-settings with everything', 'get-settings', {
      taskId: 1,
      includeAccount: true,
      includeObjects: true,
    });
    shrink();
    const { runs } = await keep('get-history', 'get-history', { taskId: 1 });
    answers.set('a run of get-history', (runs as Payload[])[0]!);
    await keep('workers', 'workers', {});
    await keep('workers, set', 'workers', { backupWorkers: 999 });
    await keep('set-schedule', 'set-schedule', { taskId: 1, startHour: 3 });
    await keep('set-retention', 'set-retention', { taskId: 1, daysToKeep: 30 });
    await keep('run-backup', 'run-backup', { taskId: 2 });
    await keep('cancel-backup', 'cancel-backup', { taskId: 2 });
    const { outputs } = await bench.call('run-backup', { payload: { taskId: 4, wait: true } });
    for (const { port, msg } of outputs) answers.set(`output ${port + 1} of run-backup`, msg.payload as Payload);
    await keep('delete-task', 'delete-task', { taskId: 4, confirm: 'Task 4' });
    await keep('relink-task', 'relink-task', {
      taskName: 'Back again',
      localShared: 'ActiveBackup',
      localPath: '/a/task_4',
      adminEmail: 'admin@example.com',
    });
    for (const kind of ['polled', 'success', 'started']) {
      const { msg } = await bench.seen(({ about, msg: event }) => about === 'watch' && event.topic === kind);
      answers.set(`${kind} of watch`, msg.payload as Payload);
    }
  });
  after(stopBenches);

  it('starts from a real answer of every node', () => {
    const missing = [...actionNames, 'output 1 of run-backup', 'output 2 of run-backup'].filter(
      (name) => !answers.has(name),
    );
    assert.deepEqual(missing, []);
    for (const [what, answer] of answers) assert.ok(Object.keys(answer).length > 1, what);
  });

  for (const name of actionNames) {
    it(`${name} knows every name of every answer`, async () => {
      // Whatever a node makes of the values: nothing is carried out here.
      bench.nas.faults.add({ kind: 'code', code: 117 });
      try {
        for (const [what, payload] of answers) {
          const { error } = await bench.call(name, { payload: structuredClone(payload) });
          assert.doesNotMatch(error?.message ?? '', /is not known/, `${what} → ${name}`);
        }
      } finally {
        bench.nas.faults.clear();
      }
    });
  }

  const links: [string, string][] = [
    ['get-tasks', 'get-settings'],
    ['get-tasks', 'get-history'],
    ['get-tasks', 'get-log'],
    ['get-tasks', 'run-backup'],
    ['get-tasks', 'cancel-backup'],
    ['get-tasks', 'set-schedule'],
    ['get-tasks', 'at four'],
    ['get-tasks of all NASes', 'get-settings'],
    ['get-tasks of a task that never ran', 'at four'],
    ['get-settings', 'set-schedule'],
    ['get-settings', 'at four'],
    ['get-settings', 'set-retention'],
    ['get-settings', 'for ninety days'],
    ['get-settings with everything', 'get-history'],
    ['set-schedule', 'get-settings'],
    ['set-retention', 'run-backup'],
    ['run-backup', 'cancel-backup'],
    ['cancel-backup', 'get-tasks'],
    ['output 1 of run-backup', 'get-history'],
    ['output 2 of run-backup', 'cancel-backup'],
    ['a run of get-history', 'get-settings'],
    ['an entry of get-log', 'get-settings'],
    ['workers', 'workers'],
    ['get-log', 'get-log'],
  ];
  for (const [from, to] of links) {
    it(`${from} → ${to} is an answer`, async () => {
      const payload = structuredClone(answers.get(from)!);
      if (from === 'output 1 of run-backup' || from === 'output 2 of run-backup') payload.taskId = 2;
      const { error, outputs } = await bench.call(to, { payload });
      assert.equal(error, null, error?.message);
      const { taskId, id } = outputs[0]!.msg.payload as Payload;
      const meant = payload.taskId ?? payload.id;
      if (taskId !== undefined && meant !== undefined) assert.equal(taskId ?? id, meant);
    });
  }

  it('a property of the node wins over what the answer before it says', async () => {
    const payload = structuredClone(answers.get('get-settings')!);
    const { after } = await bench.ask('at four', payload);
    const { startHour, kind } = (after as { schedule: Payload }).schedule;
    assert.deepEqual({ startHour, kind }, { startHour: 4, kind: 'weekly' });
    const { after: kept } = await bench.ask('for ninety days', payload);
    assert.deepEqual(kept, { daysToKeep: 90 });
  });

  it("the region of settings is the NAS's number for it, and not the one that a task is linked with", async () => {
    const payload = structuredClone(answers.get('get-settings')!);
    assert.equal(payload.region, 0);
    assert.equal(typeof (await bench.ask('relinked by', payload)).taskId, 'number');
  });

  it('what a flow adds to an answer is still checked', async () => {
    const task = structuredClone(answers.get('get-tasks')!);
    const typo = await bench.call('set-schedule', { payload: { ...task, startHuor: 4 } });
    assert.match(typo.error?.message ?? '', /startHuor is not known/);
    const wrong = await bench.call('set-schedule', { payload: { ...task, startHour: 24 } });
    assert.equal(codeOf(wrong), 'INVALID_INPUT');
    const right = await bench.ask('set-schedule', { ...task, startHour: 5 });
    assert.equal((right.after as { schedule: Payload }).schedule.startHour, 5);
  });

  it('a schedule that cannot be expressed is not written back, and null says nothing', async () => {
    bench.nas.task(2).change({ schedule: { ...bench.nas.task(2).setting.schedule, date_type: 1, hour: 7 } });
    const task = await bench.ask('get-tasks', { taskId: 2 });
    assert.equal((task.schedule as Payload).kind, 'unknown');
    const { changed } = await bench.ask('set-schedule', task);
    assert.equal(changed, false);
    const unread = { ...task, policy: null, schedule: { kind: 'weekly', startHour: null, runDays: [] } };
    const { error } = await bench.call('set-schedule', { payload: unread });
    assert.match(error?.message ?? '', /policy: missing/);
    const { changed: again } = await bench.ask('set-schedule', { ...unread, policy: 'manual' });
    assert.equal(again, false);
    assert.equal(bench.nas.task(2).setting.schedule.date_type, 1);
  });
});
