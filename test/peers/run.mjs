// The judge of the simulated NAS: the real Python clients, installed from PyPI, drive it over TLS.
// Prints a line for each check and ends with `peers: N passed, N failed`; exit code 1 when one failed.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cache, checkout, must, python, runScript, startSimulator } from './environment.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const storedRecording = join(here, 'recorded-requests.json');

const HELP = `Usage: node test/peers/run.mjs [--record FILE] [--update]

  --record FILE  where the requests of synology-api are written (default: in the cache folder)
  --update       stores them as test/peers/recorded-requests.json too, instead of comparing with it`;

function readOptions() {
  try {
    const options = { record: { type: 'string' }, update: { type: 'boolean' }, help: { type: 'boolean' } };
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${error.message}\n${HELP}`);
    process.exit(2);
  }
}

/** The counts of a client's script. */
async function countsOf(interpreter, script, given) {
  const counts = await runScript(interpreter, join(here, script), given);
  if (counts !== null) return counts;
  console.log(`FAIL ${script}: ended before its last check`);
  return { passed: 0, failed: 1 };
}

/** Whether the requests of synology-api are those that the repository stores. */
function compareRecording(recording, update) {
  if (update) {
    writeFileSync(storedRecording, readFileSync(recording));
    const prettier = join(checkout, 'node_modules/prettier/bin/prettier.cjs');
    must(process.execPath, [prettier, '--write', storedRecording], 'The stored requests could not be formatted.');
  }
  const same =
    existsSync(storedRecording) &&
    JSON.stringify(JSON.parse(readFileSync(storedRecording, 'utf8'))) ===
      JSON.stringify(JSON.parse(readFileSync(recording, 'utf8')));
  const promise = 'the recorded requests of synology-api equal test/peers/recorded-requests.json';
  console.log(same ? `ok   ${promise}` : `FAIL ${promise} (new ones: ${recording}; --update stores them)`);
  return same ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function judge(options) {
  const interpreter = python();
  const recording = resolve(options.record ?? join(cache, 'recorded-requests.json'));
  rmSync(recording, { force: true });
  const counts = [];

  const sample = await startSimulator([
    ...['--tls', '--sample', '--control', '--record-values', '--virtual-clock', '2026-11-22T12:00:00Z'],
  ]);
  const seed = join(here, 'seed-answers.json');
  counts.push(await countsOf(interpreter, 'synology_api_client.py', { ...sample.nas, seed, recording }));
  await sample.stop();
  if (existsSync(recording)) counts.push(compareRecording(recording, options.update === true));
  else counts.push({ passed: 0, failed: 1 });

  const twoFactor = await startSimulator(['--tls', '--two-factor', '--control', '--tasks', '3']);
  counts.push(await countsOf(interpreter, 'py_synologydsm_client.py', twoFactor.nas));
  await twoFactor.stop();
  return counts;
}

const options = readOptions();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const counts = await judge(options).catch((error) => {
  console.error(error.message);
  return [{ passed: 0, failed: 1 }];
});
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`peers: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
