// The requests of the nodes beside those of the documented Python client: for the same wishes the wire must be the same.
import { compareWithTheirs } from '../peers/wire-comparison';
import { askForAll, recordedAtMs, recordedNas, type SeedMethod } from '../peers/wire-wishes';
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
  compareWithTheirs(async () => {
    const bench = await startBench(allActions(), {
      nas: { ...recordedNas, clock: createVirtualClock(recordedAtMs) },
      connection: { timeZone: 'UTC' },
    });
    return askForAll((method, input) => bench.ask(nodeOf[method], input), bench.nas);
  });
  after(stopBenches);
});
