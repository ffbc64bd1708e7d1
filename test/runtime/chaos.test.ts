// A thousand messages while the NAS does everything wrong: each is done or failed exactly once, and Node-RED lives.
import assert from 'node:assert/strict';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type FaultSpec, type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

type Payload = Record<string, unknown>;

/** Chance that is the same in each run (mulberry32). */
function createChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const payloads: [string, Payload][] = [
  ['get-tasks', {}],
  ['get-tasks', { taskId: 2 }],
  ['get-tasks', { allNas: true }],
  ['get-log', {}],
  ['get-log', { taskId: 1, fetchAll: true, limit: 1 }],
  ['get-log', { onlyNew: true }],
  ['get-settings', { taskId: 'Task 2' }],
  ['get-history', { taskId: 1 }],
  ['workers', {}],
  ['workers', { backupWorkers: 12 }],
  ['workers', { backupWorkers: 14 }],
  ['set-schedule', { taskId: 1, startHour: 3 }],
  ['set-schedule', { taskId: 1, policy: 'scheduled', schedule: { start_hour: 5 } }],
  ['set-retention', { taskId: 2, daysToKeep: 30 }],
  ['set-retention', { taskId: 2, daysToKeep: 90 }],
  ['run-backup', { taskId: 1 }],
  ['run-backup', { taskId: 1, wait: true, timeoutSeconds: 1, ifRunning: 'join' }],
  ['cancel-backup', { taskId: 1 }],
  ['delete-task', { taskId: 3, confirm: 'not its name' }],
  ['relink-task', { taskName: 'A', localShared: 'B', localPath: '/c/d', adminEmail: 'admin@example.com' }],
  ['get-settings', { taskId: 'no such task' }],
  ['get-settings', { taskId: null }],
];

/** Faults that a message may meet, at any request of its own or of a login. Refused credentials are not among them. */
const faults: FaultSpec[] = [
  { kind: 'html', status: 502 },
  { kind: 'html', status: 200, when: 'after' },
  { kind: 'truncated' },
  { kind: 'empty' },
  { kind: 'empty', when: 'after' },
  { kind: 'text-plain' },
  { kind: 'not-json' },
  { kind: 'redirect' },
  { kind: 'delay', ms: 30 },
  { kind: 'drip', ms: 1 },
  { kind: 'reset' },
  { kind: 'reset', when: 'after' },
  { kind: 'reset-reused' },
  ...[100, 102, 103, 104, 105, 106, 107, 117, 119, 120, 150].map((code): FaultSpec => ({ kind: 'code', code })),
  { kind: 'code', code: 119, when: 'after' },
  { kind: 'accept-nothing' },
  { kind: 'raw', body: '{"success":true}' },
  { kind: 'raw', body: '{"success":true,"data":null}' },
  { kind: 'raw', body: '{"success":true,"data":[]}' },
  { kind: 'raw', body: '{"success":true,"data":{"tasks":{},"logs":{},"task_info":[]}}' },
  { kind: 'raw', body: '[]' },
  { kind: 'raw', body: 'null' },
];

const messages = 1000;
const atOnce = 8;

describe('a thousand messages with random faults', function () {
  this.timeout(120_000);
  let nodeRed: NodeRedProcess;
  let nas: Simulator;
  const sent: string[] = [];

  before(async () => {
    nas = await startSimulator({
      tasks: [{ defaultRun: { durationSeconds: 1 } }, {}, {}],
      autoBlock: { enabled: false },
    });
    nodeRed = await startNodeRed();
    const names = [...new Set(payloads.map(([node]) => node))];
    await nodeRed.deploy([
      nasNode(nas, { allowChanges: true, timeoutSeconds: 1, pollSeconds: 5, pollRunningSeconds: 1 }),
      ...names.flatMap((name) => probed(bare(name))),
    ]);
  });
  after(async () => {
    await nodeRed.stop();
    await nas.close();
  });

  it('end exactly once each, with an answer or an error that has a code', async () => {
    const chance = createChance(20261122);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
    const codes = new Map<string, number>();
    let left = messages;
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        if (chance() < 0.3) nas.faults.add({ ...pick(faults), times: 1, skip: Math.floor(chance() * 3) });
        if (chance() < 0.01) nas.faults.add({ kind: 'hang', times: 1 });
        if (chance() < 0.05) nas.kickSessions();
        const [node, payload] = pick(payloads);
        const id = `message ${left}`;
        sent.push(id);
        const result = await nodeRed.call(node, { payload, id, kept: left });
        const code = result.error === null ? 'answered' : String(codeOf(result));
        assert.match(code, /^(answered|[A-Z_]+)$/, result.error?.message);
        codes.set(code, (codes.get(code) ?? 0) + 1);
        for (const { msg } of result.outputs) assert.equal(msg.kept, Number(id.slice(8)));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    assert.equal(sent.length, messages);
    // Chance was no kinder than it should be: there were answers and many ways to fail.
    assert.ok((codes.get('answered') ?? 0) > messages / 10, JSON.stringify([...codes]));
    assert.ok(codes.size > 6, JSON.stringify([...codes]));
  });

  it('end exactly once each, counted afterwards', () => {
    const endings = new Map<unknown, number>();
    for (const { kind, msg } of nodeRed.records) {
      if (kind === 'complete' || kind === 'error') endings.set(msg.id, (endings.get(msg.id) ?? 0) + 1);
    }
    assert.deepEqual(
      sent.filter((id) => endings.get(id) !== 1),
      [],
    );
  });

  it('leave a Node-RED that answers, and a log without a crash', async () => {
    nas.faults.clear();
    let result = await nodeRed.call('get-tasks', {});
    // After sessions that ended one after the other the next login waits a little.
    while (codeOf(result) === 'SESSION_LOST') {
      await new Promise((resolve) => setTimeout(resolve, 500));
      result = await nodeRed.call('get-tasks', {});
    }
    assert.equal(result.error, null, result.error?.message);
    assert.ok(nodeRed.running);
    const told = /\[error\] \[active-backup-|\[warn\] \[active-backup-nas:/;
    assert.deepEqual(
      nodeRed.complaints().filter((line) => !told.test(line)),
      [],
    );
  });

  it('leave no connection behind', async () => {
    await nodeRed.deploy([]);
    assert.equal(nas.openConnections, 0);
  });
});
