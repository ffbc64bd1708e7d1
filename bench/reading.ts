// How long this package takes to read the task list, and how many requests it needs. Run by bench/run.mjs.
import { readFileSync, writeFileSync } from 'node:fs';
import { ActiveBackupClient } from '../lib/active-backup';
import { createDsmSession } from '../lib/dsm';

interface Given {
  url: string;
  username: string;
  password: string;
  reads: number;
  /** Where the numbers go. */
  result: string;
}

async function main(): Promise<void> {
  const { url, username, password, reads, result } = JSON.parse(
    readFileSync(process.argv.at(-1) ?? '', 'utf8'),
  ) as Given;
  const session = createDsmSession({ url, username, password, tls: { rejectUnauthorized: false } });
  const client = new ActiveBackupClient({ session, timeZone: 'UTC' });
  // The first read logs in; that is counted, and not timed.
  await client.getTasks();
  const began = performance.now();
  for (let read = 0; read < reads; read += 1) await client.getTasks();
  const msEach = (performance.now() - began) / reads;
  writeFileSync(result, JSON.stringify({ msEach }));
  await session.close();
}

void main();
