// Prints how fast, how chatty and how large the package is, beside the clients that others wrote: npm run bench
// Times are compared within one run only; machines differ.

import { get } from 'node:https';
import process from 'node:process';
import { json } from 'node:stream/consumers';
import { runScript, python, startSimulator } from '../test/peers/environment.mjs';

const tasks = 100;
const reads = 50;

/** Runs one of the scripts beside this file; a failure ends the bench. */
async function measure(interpreter, script, given = {}) {
  const measured = await runScript(interpreter, script, given);
  if (measured === null) throw new Error(`${[script].flat().at(-1)} failed.`);
  return measured;
}

/** Our own scripts are TypeScript. */
const ours = (script) => ['--import', 'tsx', `bench/${script}`];

/** Prints a heading and rows of columns, the first to the left, the others to the right. */
function table(heading, columns, rows) {
  const cells = [columns, ...rows.map((row) => row.map(String))];
  const widths = columns.map((_name, column) => Math.max(...cells.map((row) => row[column].length)));
  console.log(`\n${heading}`);
  for (const row of cells) {
    const line = row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])));
    console.log(`  ${line.join('   ')}`);
  }
}

/** The requests that a simulated NAS has answered; its certificate is its own. */
function requestsTo({ url }) {
  return new Promise((resolve, reject) => {
    get(`${url}/simulator/requests`, { rejectUnauthorized: false }, (answer) => resolve(json(answer))).on(
      'error',
      reject,
    );
  });
}

/** Every client reads the task list in a process of its own, one after the other, from a NAS that is the same for all. */
async function compareReading() {
  const interpreter = python();
  const clients = [
    ['this package', process.execPath, ours('reading.ts')],
    ['synology-api', interpreter, 'bench/reading_synology_api.py'],
    ['py-synologydsm-api', interpreter, 'bench/reading_py_synologydsm.py'],
  ];
  const results = [];
  for (const [name, program, script] of clients) {
    const { nas, stop } = await startSimulator(['--tls', '--control', '--tasks', String(tasks)]);
    try {
      const { msEach } = await measure(program, script, { ...nas, reads });
      const requests = await requestsTo(nas);
      const logins = requests.filter(({ method }) => method === 'login').length;
      results.push({ name, msEach, requests: requests.length, logins });
    } finally {
      await stop();
    }
  }
  const [own] = results;
  table(
    `Reading ${tasks} tasks ${reads} times over TLS (ours also checks every field and says what it means)`,
    ['client', 'ms each', 'ratio', 'requests', 'logins'],
    results.map(({ name, msEach, requests, logins }) => [
      name,
      msEach.toFixed(1),
      (msEach / own.msEach).toFixed(2),
      requests,
      logins,
    ]),
  );
}

async function showInside() {
  const { judging, publishing, package: size, loading } = await measure(process.execPath, ours('inside.ts'));
  table(
    'Judging what a poll has read',
    ['tasks', 'ms', 'µs per task'],
    judging.map(({ tasks: count, ms }) => [count, ms.toFixed(1), ((1000 * ms) / count).toFixed(0)]),
  );
  table(
    `Publishing ${publishing.tasks} tasks`,
    ['', 'messages', 'kB'],
    publishing.phases.map(({ name, messages, bytes }) => [name, messages, (bytes / 1000).toFixed(1)]),
  );
  table(
    'The package',
    ['', 'kB'],
    size.map(({ name, bytes }) => [name, (bytes / 1000).toFixed(0)]),
  );
  const [bare] = loading;
  table(
    'Loading, in a new process',
    ['', 'ms', 'above bare Node.js'],
    loading.map(({ name, ms }) => [name, ms.toFixed(0), (ms - bare.ms).toFixed(0)]),
  );
}

await compareReading();
await showInside();
