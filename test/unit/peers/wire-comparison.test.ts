// Our requests beside those of the documented Python client: for the same wishes the wire must be the same.
import { ActiveBackupClient } from '../../../lib/active-backup';
import { createDsmSession } from '../../../lib/dsm';
import { compareWithTheirs } from '../../peers/wire-comparison';
import { askForAll, recordedAtMs, recordedNas, type WireRequest } from '../../peers/wire-wishes';
import { createVirtualClock, startSimulator } from '../../simulator';

async function makeOurRequests(): Promise<WireRequest[]> {
  const nas = await startSimulator({ ...recordedNas, clock: createVirtualClock(recordedAtMs) });
  const session = createDsmSession({ url: nas.url, username: nas.username, password: nas.password });
  const client = new ActiveBackupClient({ session, timeZone: 'UTC', pause: () => Promise.resolve() });
  try {
    return await askForAll((method, input = {}) => {
      if (method === 'getTasks' || method === 'getWorkerCount') return client[method]();
      return client[method](input);
    }, nas);
  } finally {
    await session.close();
    await nas.close();
  }
}

describe('our requests beside those of the Python client', () => {
  compareWithTheirs(makeOurRequests);
});
