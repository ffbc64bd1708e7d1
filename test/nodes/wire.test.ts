// The requests of the nodes beside those of the documented Python client: for the same wishes the wire must be the same.
import assert from 'node:assert/strict';
import {
  askForAll,
  distinct,
  recordedAtMs,
  recordedNas,
  type SeedMethod,
  theirMethods,
  theirRequests,
  type WireRequest,
} from '../peers/wire-wishes';
import { createVirtualClock } from '../simulator';
import { allActions, startBench, stopBenches } from './bench';

/** The node behind each documented method. */
const nodeOf: Record<SeedMethod, string> = {
  getTasks: 'get-tasks',
  getPackageLog: 'get-log',
  getTaskLog: 'get-log',
  getTaskSetting: 'get-settings',
  getWorkerCount: 'workers',
  setWorkerCount: 'workers',
  setTaskSchedule: 'set-schedule',
  setRotationPolicy: 'set-retention',
  runBackup: 'run-backup',
  cancelBackup: 'cancel-backup',
  deleteTask: 'delete-task',
  relinkTask: 'relink-task',
};

describe('the requests of the nodes beside those of the Python client', () => {
  let ours: WireRequest[] = [];
  const theirs = theirRequests();
  before(async () => {
    const bench = await startBench(allActions(), {
      nas: { ...recordedNas, clock: createVirtualClock(recordedAtMs) },
      connection: { timeZone: 'UTC' },
    });
    ours = await askForAll((method, input) => bench.ask(nodeOf[method], input), bench.nas);
  });
  after(stopBenches);

  it('cover the eleven wire methods behind the twelve documented ones', () => {
    assert.equal(theirMethods().length, 11);
    assert.deepEqual(
      theirMethods().filter((method) => !ours.some((request) => request.method === method)),
      [],
    );
  });
  for (const method of theirMethods()) {
    it(`${method}: the same parameters with the same values`, () => {
      assert.deepEqual(distinct(ours, method), distinct(theirs, method));
    });
  }
});
