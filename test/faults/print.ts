// Prints the table of faults.
import { groups } from './fault';
import { faults } from './table';

const columns = ['name', 'does', 'code', 'status', 'logins', 'requests', 'ends', 'tested'] as const;

for (const group of groups) {
  const rows = faults
    .filter((fault) => fault.group === group)
    .map(({ name, does, code, status, logins, requests, ending, where }) => ({
      name,
      does,
      code: code ?? '–',
      status,
      logins: String(logins),
      requests: `≤ ${requests}`,
      ends: ending,
      tested: where,
    }));
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ');
  console.log(`\n${group} (${rows.length})\n${line(columns)}`);
  for (const row of rows) console.log(line(columns.map((column) => row[column])));
}
console.log(`\n${faults.length} faults`);
