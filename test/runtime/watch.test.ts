// The watch node and the view over all NASes in a real Node-RED against simulated NASes.
import assert from 'node:assert/strict';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed, type ProbeRecord } from '../helpers/probe';
import { type RunScript, type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

interface Event {
  event: string;
  eventId: string;
  at: string;
  nas: string;
  task: { id: number; name: string } | null;
  before: unknown;
  after: unknown;
  run: { runId: number; result: string } | null;
}

const rhythm = { pollSeconds: 5, pollRunningSeconds: 1 };
const lasting = ['started', 'success', 'partial', 'failed', 'canceled', 'recovered', 'nas_lost', 'nas_back'];

describe('watching in a real Node-RED', function () {
  this.timeout(120_000);
  let nodeRed: NodeRedProcess;
  let office: Simulator;
  let branch: Simulator;

  before(async () => {
    office = await startSimulator({ tasks: [{ name: 'Tenant A' }, { name: 'Tenant B' }] });
    branch = await startSimulator({ tasks: [{ name: 'Tenant C' }] });
    nodeRed = await startNodeRed();
    await nodeRed.deploy([
      nasNode(office, rhythm),
      { ...nasNode(branch, rhythm), id: 'nas-2', name: 'Branch', slug: 'branch' },
      ...probed(bare('watch', { events: lasting })),
      ...probed({ ...bare('watch'), id: 'only-b', tasks: ['Tenant B'], events: ['success', 'failed'] }),
      ...probed({ ...bare('watch'), id: 'present', sendCurrentState: true, events: ['removed'] }),
      ...probed({ ...bare('watch'), id: 'alive', events: ['polled'] }),
      ...probed({ ...bare('watch'), id: 'everywhere', nas: '', allNas: true, events: ['success', 'nas_lost'] }),
      ...probed({ ...bare('watch'), id: 'nowhere', nas: '' }),
      ...probed(bare('get-tasks')),
    ]);
    await nextPoll();
  });
  after(async () => {
    await nodeRed.stop();
    await office.close();
    await branch.close();
  });

  const eventOf = (record: ProbeRecord): Event => record.msg.payload as Event;
  const told = (about: string, event?: string): Event[] =>
    nodeRed.records
      .filter((record) => record.about === about && record.kind === 'output')
      .map(eventOf)
      .filter((one) => event === undefined || one.event === event);
  const waitFor = async (about: string, event: string, from: number): Promise<Event> =>
    eventOf(
      await nodeRed.waitForRecord(
        (record) => record.about === about && record.kind === 'output' && eventOf(record).event === event,
        from,
        40_000,
      ),
    );
  /** Waits for a good poll that begins after now. */
  async function nextPoll(): Promise<void> {
    await waitFor('alive', 'polled', nodeRed.records.length);
    await waitFor('alive', 'polled', nodeRed.records.length);
  }
  /** A run that ends when it is told to. */
  async function begin(script: RunScript = { outcome: 'hung' }): Promise<number> {
    const from = nodeRed.records.length;
    office.task(1).start(script);
    await waitFor('watch', 'started', from);
    return office.ledger().at(-1)!.runId;
  }
  const idsOf = (event: string): Set<string> => new Set(told('watch', event).map(({ eventId }) => eventId));
  const endsOf = (runId: number): string[] =>
    told('watch')
      .filter(({ event, run }) => run?.runId === runId && event !== 'started' && event !== 'recovered')
      .map(({ event }) => event);

  it('tells how things stand at the start, to who asks for it, and no events at the baseline', () => {
    const present = told('present');
    assert.deepEqual(
      present.map(({ event, task, nas }) => [event, task?.name, nas]),
      [
        ['current', 'Tenant A', 'office'],
        ['current', 'Tenant B', 'office'],
      ],
    );
    assert.deepEqual(told('watch'), []);
    assert.match(nodeRed.statusOf('watch')?.text ?? '', /2 tasks/);
  });

  it('turns a run into two messages, with the event as the topic', async () => {
    const runId = await begin();
    office.task(1).finish({ outcome: 'success' });
    const success = await waitFor('watch', 'success', 0);
    assert.equal(success.nas, 'office');
    assert.equal(success.task?.name, 'Tenant A');
    assert.equal(success.run?.runId, runId);
    assert.match(success.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(Object.keys(success).sort(), ['after', 'at', 'before', 'event', 'eventId', 'nas', 'run', 'task']);
    const record = nodeRed.records.find(({ about, kind }) => about === 'watch' && kind === 'output');
    assert.equal(record?.msg.topic, 'started');
    assert.deepEqual(told('only-b'), []);
  });

  it('reports the end of a run once when Node-RED is restarted during it', async () => {
    const runId = await begin();
    await nodeRed.stopProcess();
    office.task(1).finish({ outcome: 'partial' });
    const from = nodeRed.records.length;
    await nodeRed.start();
    await waitFor('watch', 'partial', from);
    await nextPoll();
    assert.deepEqual(endsOf(runId), ['partial']);
  });

  it('reports the end of a run once when Node-RED is killed during it; what the kill repeats has its id', async () => {
    const runId = await begin();
    const starts = idsOf('started');
    await nodeRed.kill9();
    office.task(1).finish({ outcome: 'failed' });
    const from = nodeRed.records.length;
    await nodeRed.start();
    await waitFor('watch', 'failed', from);
    await nextPoll();
    assert.deepEqual(endsOf(runId), ['failed']);
    assert.deepEqual(idsOf('started'), starts);
  });

  it('goes on with a run that is still under way after a kill', async () => {
    const runId = await begin();
    await nodeRed.kill9();
    await nodeRed.start();
    await nextPoll();
    assert.deepEqual(endsOf(runId), []);
    const from = nodeRed.records.length;
    office.task(1).finish({ outcome: 'success' });
    await waitFor('watch', 'recovered', from);
    assert.deepEqual(endsOf(runId), ['success']);
  });

  it('loses no run that began and ended while Node-RED was down', async () => {
    await nodeRed.kill9();
    for (const outcome of ['failed', 'success', 'partial'] as const) {
      office.task(2).start({ outcome: 'hung' });
      office.clock.advance(120);
      office.task(2).finish({ outcome });
      office.clock.advance(120);
    }
    const from = nodeRed.records.length;
    await nodeRed.start();
    await waitFor('watch', 'recovered', from);
    await nextPoll();
    const runs = told('watch').filter(({ task, event }) => task?.id === 2 && event !== 'started');
    // Of a run that is over for long the history only says that not all of it was fine.
    assert.deepEqual(
      runs.map(({ event }) => event),
      ['partial', 'success', 'recovered', 'partial'],
    );
    assert.deepEqual(
      told('only-b').map(({ event }) => event),
      ['success'],
    );
  });

  it('polls at once for a message, and says done', async () => {
    office.clearRequests();
    const result = await nodeRed.call('watch', {});
    assert.equal(result.error, null);
    assert.ok(office.count('list_tasks') >= 1);
    assert.equal(codeOf(await nodeRed.call('nowhere', {})), 'NOT_CONFIGURED');
    assert.equal(nodeRed.statusOf('nowhere')?.text, 'not configured');
  });

  it('asks each NAS for its tasks once a poll, however many nodes watch it', async () => {
    await waitFor('alive', 'polled', nodeRed.records.length);
    office.clearRequests();
    const polls = told('alive').length;
    await nextPoll();
    const counted = told('alive').length - polls;
    assert.ok(
      Math.abs(office.count('list_tasks') - counted) <= 1,
      `${office.count('list_tasks')} for ${counted} polls`,
    );
  });

  it('watches all NASes with one node', async () => {
    const from = nodeRed.records.length;
    branch.task(1).start({ durationSeconds: 1 });
    const success = await waitFor('everywhere', 'success', from);
    assert.equal(success.nas, 'branch');
    assert.equal(success.task?.name, 'Tenant C');
  });

  it('reads the tasks of all NASes, and rolls them up', async () => {
    const all = await nodeRed.call('get-tasks', { payload: { allNas: true } });
    const tasks = all.outputs[0]!.msg.payload as { nas: string; name: string }[];
    assert.deepEqual(
      tasks.map(({ nas, name }) => `${nas} ${name}`),
      ['office Tenant A', 'office Tenant B', 'branch Tenant C'],
    );
    assert.deepEqual((all.outputs[0]!.msg.activeBackup as { errors: unknown }).errors, []);
    const rolled = await nodeRed.call('get-tasks', { payload: { allNas: true, summary: true } });
    const summary = rolled.outputs[0]!.msg.payload as {
      total: number;
      byResult: Record<string, number>;
      worstFirst: { nas: string; name: string }[];
      errors: unknown[];
    };
    assert.equal(summary.total, 3);
    assert.equal(summary.byResult.success, 2);
    assert.equal(summary.worstFirst[0]!.name, 'Tenant B');
    assert.deepEqual(summary.errors, []);
    const one = await nodeRed.call('get-tasks', { payload: { summary: true } });
    assert.equal((one.outputs[0]!.msg.payload as { total: number }).total, 2);
  });

  it('gives the tasks of the others when a NAS is away, says which, and tells that it is lost', async () => {
    const from = nodeRed.records.length;
    await branch.goAway();
    const lost = await waitFor('everywhere', 'nas_lost', from);
    assert.equal(lost.nas, 'branch');
    assert.equal(lost.after, 'UNREACHABLE');
    assert.equal(lost.task, null);
    const all = await nodeRed.call('get-tasks', { payload: { allNas: true } });
    assert.equal(all.error, null);
    assert.equal((all.outputs[0]!.msg.payload as unknown[]).length, 2);
    const { errors } = all.outputs[0]!.msg.activeBackup as { errors: { nas: string; code: string }[] };
    assert.deepEqual(
      errors.map(({ nas, code }) => [nas, code]),
      [['branch', 'UNREACHABLE']],
    );
    assert.equal(nodeRed.statusOf('everywhere')?.text, 'NAS unreachable');
    await branch.comeBack();
  });

  it('says once that the clock of the NAS is wrong: this test has moved it', () => {
    const said = nodeRed.complaints().filter((line) => line.includes("The NAS's clock is 12 minutes ahead"));
    assert.equal(said.length, 1);
    assert.equal(nodeRed.statusOf('watch')?.text, "check the NAS's clock");
  });

  it('complains in the log of what was wrong, and of nothing else', () => {
    const told = /\[active-backup-watch:nowhere\]|\[warn\] \[active-backup-nas:Branch\]|The NAS's clock is 12 minutes/;
    assert.deepEqual(
      nodeRed.complaints().filter((line) => !told.test(line)),
      [],
    );
  });
});
