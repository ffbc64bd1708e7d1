// Faults of what is asked: nothing is sent that could not be right, and nothing is changed that was not allowed.
import { fine, type House, type LibFault } from './fault';

/** What is wrong is found before anything is sent. */
function input(name: string, does: string, call: LibFault['call'], more: Partial<LibFault> = {}): LibFault {
  return {
    where: 'lib',
    group: 'input',
    name,
    does,
    ...(call === undefined ? {} : { call }),
    code: 'INVALID_INPUT',
    status: 'invalid input',
    logins: 0,
    requests: 0,
    ending: 'stays',
    ...more,
  };
}

const unconfirmed = { code: 'NOT_CONFIRMED', status: 'not confirmed' };

async function daysToKeep({ client }: House, days: number): Promise<unknown> {
  return client.setRotationPolicy({ taskId: 1, daysToKeep: days });
}

export const inputFaults: LibFault[] = [
  input('negative task id', 'taskId −1', ({ client }) => client.getTaskSetting({ taskId: -1 })),
  input('no task id', 'a method that needs one gets none', ({ client }) => client.runBackup({})),
  input('unknown parameter', 'a name that no method has', ({ client }) => client.runBackup({ taskId: 1, taskid: 2 })),
  input('page too long', 'limit of a log below one', ({ client }) => client.getPackageLog({ limit: 0 })),
  input('no worker count', 'neither number is given', ({ client }) => client.setWorkerCount({})),
  input('hour 25', "a schedule at 25 o'clock", ({ client }) =>
    client.setTaskSchedule({ taskId: 1, policy: 'scheduled', startHour: 25 }),
  ),
  input('unknown task', 'a name that no task has', ({ client }) => client.getTaskSetting({ taskId: 'No such task' }), {
    code: 'TASK_NOT_FOUND',
    status: 'no such task',
    requests: 1,
  }),
  input(
    'deletion not confirmed',
    "the confirmation is not the task's name",
    ({ client }) => client.deleteTask({ taskId: 1, confirm: 'Something else' }),
    { ...unconfirmed, requests: 1 },
  ),
  input('fewer versions, not allowed', 'a shorter retention deletes versions', (house) => daysToKeep(house, 5), {
    nas: { tasks: [{ daysToKeep: 30 }] },
    ...unconfirmed,
    requests: 1,
  }),
  input('more versions', 'a longer retention deletes nothing', (house) => daysToKeep(house, 60), {
    nas: { tasks: [{ daysToKeep: 30 }] },
    code: null,
    status: fine,
    requests: 3,
    ending: 'harmless',
  }),
  input('changes not allowed', 'the connection is for reading only', ({ client }) => client.runBackup({ taskId: 1 }), {
    client: { allowChanges: false },
    code: 'READ_ONLY',
    status: 'changes not allowed',
  }),
  input(
    'already running',
    'a run is under way and a second one is refused',
    ({ client, nas }) => {
      if (!nas.task(1).running) nas.task(1).start();
      return client.runBackup({ taskId: 1, ifRunning: 'refuse' });
    },
    { code: 'TASK_RUNNING', status: 'task is running', requests: 1 },
  ),
];
