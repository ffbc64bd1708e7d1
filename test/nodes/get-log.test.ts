// Reading logs with the node: pages, all of them, and only what is new.
import assert from 'node:assert/strict';
import { type Message } from '../helpers/probe';
import { bare, codeOf } from '../runtime/nas-flow';
import { type Bench, startBench, stopBenches } from './bench';

interface Page {
  entries: { text: string }[];
  offset: number;
  limit: number;
  more: boolean;
}

interface Parts {
  id: string;
  index: number;
  count?: number;
  type: string;
  len: number;
  parts?: unknown;
}

describe('get-log', () => {
  let bench: Bench;
  let lines = 0;

  /** Somebody does something, so many times; of two lines in one second both count. */
  function write(count: number, taskId = 1): void {
    for (let index = 0; index < count; index += 1) {
      lines += 1;
      bench.nas.core.store.generalLog.push({
        category: 3,
        description: `line ${lines}`,
        error_code: 0,
        log_type: 0,
        storage_remove_id: 0,
        task_execution_id: 0,
        task_id: taskId,
        timestamp: 1733794236 + Math.floor(lines / 2),
      });
    }
  }

  async function pages(payload: Record<string, unknown>, more: Message = {}, id = 'get-log'): Promise<Message[]> {
    const { outputs, error, endings } = await bench.call(id, { payload, ...more });
    assert.equal(error, null, error?.message);
    assert.equal(endings, 1);
    return outputs.map(({ msg }) => msg);
  }

  const textsOf = (messages: Message[]): string[] =>
    messages.flatMap(({ payload }) => (payload as Page).entries.map(({ text }) => text));
  const from = (newest: number, oldest: number): string[] =>
    Array.from({ length: newest - oldest + 1 }, (_, index) => `line ${newest - index}`);

  beforeEach(async () => {
    lines = 0;
    bench = await startBench(
      [
        bare('get-log'),
        { ...bare('get-log'), id: 'raw log', output: 'raw' },
        { ...bare('get-log'), id: 'other node', onlyNew: 'true', onlyNewType: 'bool' },
      ],
      { nas: { tasks: [{ name: 'Tenant A. "x" [1]', history: [] }] } },
    );
    bench.nas.core.store.generalLog.length = 0;
  });
  afterEach(stopBenches);

  it('reads one page, and says that more may follow where the page is full', async () => {
    write(5);
    const [first] = await pages({ limit: 2 });
    assert.deepEqual(textsOf([first!]), from(5, 4));
    const { offset, limit, more } = first!.payload as Page;
    assert.deepEqual({ offset, limit, more }, { offset: 0, limit: 2, more: true });
    const [last] = await pages({ offset: 4, limit: 2 });
    assert.deepEqual([textsOf([last!]), (last!.payload as Page).more], [['line 1'], false]);
  });

  it('streams all pages as the parts of one list', async () => {
    write(7);
    const outer = { id: 'outer', index: 3, count: 9 };
    const messages = await pages({ fetchAll: true, limit: 3 }, { parts: outer, topic: 'mine' });
    assert.deepEqual(textsOf(messages), from(7, 1));
    const parts = messages.map((msg) => msg.parts as Parts);
    assert.deepEqual(
      parts.map(({ index, count, type, len }) => ({ index, count, type, len })),
      [
        { index: 0, count: undefined, type: 'array', len: 1 },
        { index: 1, count: undefined, type: 'array', len: 1 },
        { index: 2, count: 3, type: 'array', len: 1 },
      ],
    );
    assert.equal(new Set(parts.map(({ id }) => id)).size, 1);
    for (const { parts: kept } of parts) assert.deepEqual(kept, outer);
    for (const msg of messages) assert.equal(msg.topic, 'mine');
    assert.equal(bench.nas.count('get_general_log'), 3);
  });

  it('ends the stream with an empty page where the last one was full by chance', async () => {
    write(4);
    const messages = await pages({ fetchAll: true, limit: 2 });
    assert.deepEqual(textsOf(messages), from(4, 1));
    assert.deepEqual((messages.at(-1)!.parts as Parts).count, messages.length);
  });

  it('reads no more entries than asked', async () => {
    write(9);
    const messages = await pages({ fetchAll: true, limit: 3, maxEntries: 5 });
    assert.deepEqual(textsOf(messages), from(9, 5));
    assert.equal((messages.at(-1)!.payload as Page).more, true);
    assert.equal((messages.at(-1)!.parts as Parts).count, 2);
  });

  it('streams raw pages too', async () => {
    write(3);
    const messages = await pages({ fetchAll: true, limit: 2 }, {}, 'raw log');
    assert.deepEqual(
      messages.map(({ payload }) => (payload as { logs: unknown[] }).logs.length),
      [2, 1],
    );
  });

  it('gives up a stream with one error where a page fails', async () => {
    write(6);
    bench.nas.faults.add({ method: 'get_general_log', kind: 'code', code: 117, skip: 1 });
    const { outputs, error, endings } = await bench.call('get-log', { payload: { fetchAll: true, limit: 2 } });
    assert.deepEqual([outputs.length, error?.cause?.code, endings], [1, 'BUSY', 1]);
  });

  it('gives only what is new since the last time', async () => {
    write(3);
    assert.deepEqual(textsOf(await pages({ onlyNew: true })), from(3, 1));
    assert.deepEqual(textsOf(await pages({ onlyNew: true })), []);
    // Line 5 shares its second with line 4, which is read first.
    write(1);
    assert.deepEqual(textsOf(await pages({ onlyNew: true })), ['line 4']);
    write(1);
    assert.deepEqual(textsOf(await pages({ onlyNew: true })), ['line 5']);
    write(7);
    assert.deepEqual(textsOf(await pages({ onlyNew: true, limit: 2 })), from(12, 6));
  });

  it('leaves out the oldest of what is new beyond the most that was asked, and says so', async () => {
    write(1);
    await pages({ onlyNew: true });
    write(9);
    const [msg] = await pages({ onlyNew: true, limit: 2, maxEntries: 4 });
    assert.deepEqual(textsOf([msg!]), from(10, 7));
    assert.equal((msg!.payload as Page).more, true);
    assert.deepEqual(textsOf(await pages({ onlyNew: true })), []);
  });

  it('remembers for each node and each log by itself, whatever the task is called', async () => {
    write(2);
    assert.equal(textsOf(await pages({ onlyNew: true })).length, 2);
    assert.equal(textsOf(await pages({}, {}, 'other node')).length, 2);
    const name = 'Tenant A. "x" [1]';
    bench.nas.task(1).start({ durationSeconds: 1 });
    bench.nas.clock.advance(2);
    const first = textsOf(await pages({ onlyNew: true, taskId: name })).length;
    assert.ok(first > 0);
    assert.equal(textsOf(await pages({ onlyNew: true, taskId: name })).length, 0);
    assert.equal(textsOf(await pages({ onlyNew: true, taskId: name, keyWord: 'user' })).length > 0, true);
  });

  it('gives each new entry to one of two messages that ask at once', async () => {
    write(1);
    await pages({ onlyNew: true });
    write(2);
    const both = await Promise.all([pages({ onlyNew: true }), pages({ onlyNew: true })]);
    assert.deepEqual(both.flatMap(textsOf).sort(), ['line 2', 'line 3']);
  });

  it('gives again what a failed reading did not', async () => {
    write(1);
    await pages({ onlyNew: true });
    write(3);
    const fault = bench.nas.faults.add({ method: 'get_general_log', kind: 'code', code: 117, skip: 1 });
    assert.equal(codeOf(await bench.call('get-log', { payload: { onlyNew: true, limit: 2 } })), 'BUSY');
    fault.clear();
    assert.deepEqual(textsOf(await pages({ onlyNew: true, limit: 2 })), from(4, 2));
  });

  it("refuses a keyword for the package's log, which the NAS cannot search", async () => {
    bench.nas.clearRequests();
    const result = await bench.call('get-log', { payload: { keyWord: 'x' } });
    assert.equal(codeOf(result), 'INVALID_INPUT');
    assert.match(result.error?.message ?? '', /keyWord/);
    assert.equal(bench.nas.requests.length, 0);
  });
});
