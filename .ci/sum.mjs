// Sums what the tiers of a run say of themselves: mocha's summaries and lines such as "peers: 3 passed, 0 failed".
// Usage: node .ci/sum.mjs FOLDER, with a file "results" (tier, exit code, seconds in each line) and a log per tier.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';

/** Lines that count; the numbers of a tier are the sums over all of them. */
const patterns = {
  passed: [/^\s+(\d+) passing\b/, /^[a-z-]+: (\d+) passed, \d+ failed$/],
  failed: [/^\s+(\d+) failing\b/, /^[a-z-]+: \d+ passed, (\d+) failed$/],
  skipped: [/^\s+(\d+) pending\b/],
};

function sumOf(lines, expressions) {
  const numbers = lines.flatMap((line) => expressions.map((expression) => Number(expression.exec(line)?.[1] ?? 0)));
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * What a log says of its failures, so that it stands once more below everything else: each list that mocha gives, up
 * to the next command's start, or the log's last lines when it gives none.
 */
function failuresOf(lines) {
  const starts = lines.flatMap((line, index) => (/^\s+\d+ failing\b/.test(line) ? [index] : []));
  if (starts.length === 0) return lines.slice(-30);
  return starts.flatMap((start, index) => lines.slice(start, Math.min(start + 150, starts[index + 1] ?? lines.length)));
}

const folder = process.argv[2];
const results = readFileSync(join(folder, 'results'), 'utf8').trim().split('\n');
let passed = 0;
let failed = 0;
const table = ['tier              passed  failed  skipped  minutes'];
for (const result of results) {
  const [tier, code, seconds] = result.split(' ');
  const lines = stripVTControlCharacters(readFileSync(join(folder, `${tier}.log`), 'utf8')).split('\n');
  const tierPassed = sumOf(lines, patterns.passed);
  let tierFailed = sumOf(lines, patterns.failed);
  const skipped = sumOf(lines, patterns.skipped);
  let note = '';
  if (tierFailed === 0 && code !== '0') {
    tierFailed = 1;
    note = `  ended with exit code ${code}`;
  } else if (tierFailed === 0 && tierPassed === 0) {
    tierFailed = 1;
    note = '  nothing ran';
  }
  passed += tierPassed;
  failed += tierFailed;
  if (tierFailed > 0) console.log(`--- failed in ${tier}\n${failuresOf(lines).join('\n').trimEnd()}\n`);
  const columns = [String(tierPassed).padStart(6), String(tierFailed).padStart(6), String(skipped).padStart(7)];
  table.push(`${tier.padEnd(16)}  ${columns.join('  ')}  ${(Number(seconds) / 60).toFixed(1).padStart(7)}${note}`);
}
console.log(table.join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
