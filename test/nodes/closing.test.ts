// Closing a node in the middle of a call: one ending, and nothing that goes on behind it.
import assert from 'node:assert/strict';
import { bare } from '../runtime/nas-flow';
import { actionNames, allActions, type Bench, startBench, stopBenches } from './bench';

const payloads: Record<(typeof actionNames)[number], Record<string, unknown>> = {
  'get-tasks': {},
  'get-log': { fetchAll: true },
  'get-settings': { taskId: 1 },
  'get-history': { taskId: 1 },
  workers: { backupWorkers: 9 },
  'set-schedule': { taskId: 1, startHour: 3 },
  'set-retention': { taskId: 1, daysToKeep: 90 },
  'run-backup': { taskId: 1, wait: true },
  'cancel-backup': { taskId: 'Task 1' },
  'delete-task': { taskId: 1, confirm: 'Task 1' },
  'relink-task': { taskName: 'A', localShared: 'B', localPath: '/c/d', adminEmail: 'admin@example.com' },
};

/** Timers and sockets that keep this process busy. */
function busyWith(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout' || kind === 'TCPSocketWrap');
}

describe('closing a node in the middle of a call', function () {
  this.timeout(30_000);
  let bench: Bench;
  const rejections: unknown[] = [];
  const note = (reason: unknown): void => {
    rejections.push(reason);
  };
  before(() => process.on('unhandledRejection', note));
  after(() => process.off('unhandledRejection', note));

  /** The requests that the NAS has and has not answered. */
  const hanging = async (wanted: number): Promise<void> => {
    while (bench.nas.requests.filter(({ fault }) => fault === 'hang').length < wanted) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  /** Closes a node; gives the codes of the errors that it ended messages with, and the number of those it completed. */
  const endingsOfClose = async (id: string): Promise<{ codes: unknown[]; completed: number }> => {
    const codes = bench.errorsOf(id);
    const from = bench.records.length;
    await bench.restart(id);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const completed = bench.records.slice(from).filter(({ kind, about }) => kind === 'complete' && about === id).length;
    return { codes, completed };
  };

  describe('while the NAS says nothing', () => {
    before(async () => {
      bench = await startBench(allActions(), { nas: { tasks: 1 }, connection: { timeoutSeconds: 2 } });
      await bench.ask('get-tasks');
    });
    after(stopBenches);

    for (const name of actionNames) {
      it(`${name} ends once with ABORTED, and the next call is answered`, async () => {
        bench.nas.clearRequests();
        const fault = bench.nas.faults.add({ kind: 'hang', api: 'SYNO.ActiveBackupOffice365' });
        bench.send(name, { payload: payloads[name] });
        await hanging(1);
        const endings = await endingsOfClose(name);
        fault.clear();
        assert.deepEqual(endings, { codes: ['ABORTED'], completed: 0 });
        const { error, outputs } = await bench.call('workers', {});
        assert.equal(error, null, error?.message);
        assert.equal(outputs.length, 1);
        assert.ok(bench.nas.openConnections <= 1, `${bench.nas.openConnections} connections`);
      });
    }
  });

  describe('and all others too', () => {
    afterEach(stopBenches);

    it('closing everything leaves no timer, no socket, no session and no unhandled rejection', async () => {
      // What other tests and the test's own servers hold open is there before.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const before = busyWith();
      bench = await startBench(allActions(), { nas: { tasks: 2 }, connection: { timeoutSeconds: 60 } });
      bench.nas.task(2).script({ outcome: 'hung' });
      await bench.ask('get-tasks');
      bench.send('run-backup', { payload: { taskId: 2, wait: true } });
      await bench.seen(({ about, kind, port }) => about === 'run-backup' && kind === 'output' && port === 1);
      bench.nas.faults.add({ kind: 'hang', api: 'SYNO.ActiveBackupOffice365' });
      for (const name of actionNames) bench.send(name, { payload: payloads[name] });
      await hanging(1);
      const { nas } = bench;
      await stopBenches();
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(busyWith(), before);
      assert.equal(nas.openConnections, 0);
      assert.equal(nas.openSessions, 0);
      assert.deepEqual(rejections, []);
    });

    it('a message whose login is still under way ends once with ABORTED too', async () => {
      bench = await startBench([bare('get-tasks')], { nas: { tasks: 1 }, connection: { timeoutSeconds: 60 } });
      bench.nas.faults.add({ kind: 'hang', times: 1 });
      bench.send('get-tasks', {});
      await hanging(1);
      assert.deepEqual(await endingsOfClose('get-tasks'), { codes: ['ABORTED'], completed: 0 });
      await stopBenches();
      assert.deepEqual(rejections, []);
    });
  });
});
