// What is new in a log that goes on while it is read.
import assert from 'node:assert/strict';
import type { LogEntry, LogPage } from '../../../lib/active-backup';
import { newEntriesSince } from '../../../lib/node-red';

/** An entry of that second; of two in one second the texts differ. */
function entry(second: number, text = `line ${second}`): LogEntry {
  const at = new Date(1_733_794_236_000 + second * 1000).toISOString().replace('.000', '');
  const codes = { errorCode: 0, logType: 0, category: 3 };
  return { at, level: 'info', kind: 'action', text, taskId: 1, taskName: null, runId: null, codes };
}

/** A log, newest first, that gets a line after each reading. */
function growingLog(count: number): { log: LogEntry[]; readPage: (offset: number, limit: number) => Promise<LogPage> } {
  const log = Array.from({ length: count }, (_, index) => entry(count - index));
  const readPage = (offset: number, limit: number): Promise<LogPage> => {
    const entries = log.slice(offset, offset + limit);
    log.unshift(entry(log.length + 1));
    return Promise.resolve({ entries, offset, limit, more: entries.length >= limit });
  };
  return { log, readPage };
}

const textsOf = (entries: readonly LogEntry[]): string[] => entries.map(({ text }) => text);
const lines = (newest: number, oldest: number): string[] =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => `line ${newest - index}`);

describe('what is new in a log', () => {
  it('is given once, also where the log grows between two pages', async () => {
    const { readPage } = growingLog(10);
    const limits = { limit: 3, maxEntries: 100 };
    const first = await newEntriesSince({ at: entry(1).at ?? '', seen: [] }, readPage, limits);
    assert.deepEqual(textsOf(first.entries), lines(10, 1));
    const grown = await newEntriesSince(first.mark, readPage, limits);
    assert.deepEqual(textsOf(grown.entries).at(-1), 'line 11');
    assert.equal(new Set(textsOf(grown.entries)).size, grown.entries.length);
  });

  it('may be two entries that look the same', async () => {
    const twins = [entry(2, 'the same'), entry(2, 'the same')];
    const readPage = (offset: number, limit: number): Promise<LogPage> =>
      Promise.resolve({ entries: offset === 0 ? twins : [], offset, limit, more: offset === 0 });
    const { entries } = await newEntriesSince({ at: entry(1).at ?? '', seen: [] }, readPage, {
      limit: 2,
      maxEntries: 10,
    });
    assert.deepEqual(textsOf(entries), ['the same', 'the same']);
  });

  it('ends where the NAS gives the same page again and again', async () => {
    const page = [entry(3), entry(2)];
    let asked = 0;
    const readPage = (offset: number, limit: number): Promise<LogPage> => {
      asked += 1;
      assert.ok(asked <= 5);
      return Promise.resolve({ entries: page, offset, limit, more: true });
    };
    const mark = { at: entry(1).at ?? '', seen: [] };
    const { entries, more } = await newEntriesSince(mark, readPage, { limit: 2, maxEntries: 10 });
    assert.deepEqual(textsOf(entries), lines(3, 2));
    assert.equal(more, true);
  });
});
