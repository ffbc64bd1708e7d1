// Which events a watch node passes on.
import assert from 'node:assert/strict';
import { eventNames, type BackupEvent, type EventName } from '../../../lib/monitor';
import { passes as passesAmong } from '../../../lib/node-red/watch-node';

function event(
  name: EventName,
  task: { id: number; name: string; policy?: string } | null,
  before?: unknown,
): BackupEvent {
  const about = task === null ? null : { policy: 'scheduled', ...task };
  return {
    event: name,
    eventId: 'x',
    at: '',
    nas: 'office',
    task: about,
    before,
    after: null,
    run: null,
  } as BackupEvent;
}
const mail = { id: 1, name: 'Mail' };
const none = { tasks: [], events: [] };

/** Among tasks that nobody chose by their names. */
const passes = (filter: Parameters<typeof passesAmong>[0], one: BackupEvent): boolean => passesAmong(filter, one, []);

describe('filter of a watch node', () => {
  it('passes everything but polled when nothing is chosen', () => {
    for (const name of eventNames) assert.equal(passes(none, event(name, mail)), name !== 'polled', name);
  });

  it('passes only the chosen events, polled too', () => {
    const filter = { tasks: [], events: ['failed', 'polled'] as EventName[] };
    const passed = eventNames.filter((name) => passes(filter, event(name, mail)));
    assert.deepEqual(passed, ['failed', 'polled']);
  });

  it('passes the starts and successes of continuous tasks to who asks for them', () => {
    const busy = { ...mail, policy: 'continuous' };
    for (const name of ['started', 'success'] as const) {
      assert.equal(passes(none, event(name, busy)), false);
      assert.equal(passes({ tasks: [], events: [name] }, event(name, busy)), true);
    }
    for (const name of ['failed', 'partial', 'recovered', 'overdue'] as const) {
      assert.equal(passes(none, event(name, busy)), true);
    }
  });

  it('passes the chosen tasks by id, as number or text, and by exact name; the NAS always', () => {
    for (const tasks of [[1], ['1'], ['Mail']]) {
      const filter = { tasks, events: [] };
      assert.equal(passes(filter, event('failed', mail)), true);
      assert.equal(passes(filter, event('failed', { id: 2, name: 'mail' })), false);
      assert.equal(passes(filter, event('failed', { id: 11, name: 'Mail 2' })), false);
      assert.equal(passes(filter, event('nas_lost', null)), true);
    }
  });

  it('tells who chose a task by name that it was renamed', () => {
    const filter = { tasks: ['Mail'], events: [] };
    assert.equal(passes(filter, event('renamed', { id: 1, name: 'Post' }, 'Mail')), true);
    assert.equal(passes(filter, event('renamed', { id: 1, name: 'Post' }, 'Letters')), false);
    assert.equal(passes(filter, event('failed', { id: 1, name: 'Post' })), false);
  });

  it('takes digits for an id only where no task of that NAS has them for a name', () => {
    const named = { id: 7, name: '1' };
    const filter = { tasks: ['1'], events: [] };
    assert.equal(passesAmong(filter, event('failed', mail), [mail, named]), false);
    assert.equal(passesAmong(filter, event('failed', named), [mail, named]), true);
    assert.equal(passesAmong(filter, event('failed', mail), [mail]), true);
    assert.equal(passesAmong({ tasks: [1], events: [] }, event('failed', mail), [mail, named]), true);
  });
});
