import assert from 'node:assert/strict';
import { commandMessage, eventMessages } from '../../../lib/home-assistant/events';
import { packageEventTypes, taskEventTypes } from '../../../lib/home-assistant/event-types';
import { topicsFor } from '../../../lib/home-assistant/topics';
import { eventNames } from '../../../lib/monitor/types';
import { event, settings, task } from './fixtures';

const topics = topicsFor(settings());
const parse = (payload: string): Record<string, unknown> => JSON.parse(payload) as Record<string, unknown>;

describe('events over MQTT', () => {
  it('carry a type that their entity announces, each of them', () => {
    for (const name of eventNames) {
      const about = name === 'nas_lost' || name === 'nas_back' || name === 'polled' ? null : task();
      for (const { topic, payload } of eventMessages(topics, event(name, about))) {
        const types: readonly string[] = topic === topics.event ? packageEventTypes : taskEventTypes;
        assert.ok(types.includes(parse(payload).event_type as string), name);
      }
    }
  });

  it('are not sent for what comes with every poll', () => {
    assert.deepEqual(eventMessages(topics, event('polled', null)), []);
    assert.deepEqual(eventMessages(topics, event('progress', task())), []);
  });

  it('leave out the routine of a continuous task, and tell everything else of it', () => {
    const continuous = task({ policy: 'continuous' });
    for (const name of ['started', 'success'] as const) {
      assert.deepEqual(eventMessages(topics, event(name, continuous)), []);
      assert.equal(eventMessages(topics, event(name, task())).length, 1);
    }
    for (const name of ['failed', 'partial', 'recovered', 'overdue'] as const) {
      assert.equal(eventMessages(topics, event(name, continuous)).length, 1, name);
    }
  });

  it('tell the run that ended in numbers', () => {
    const [message] = eventMessages(topics, event('success', task()));
    assert.equal(message?.topic, 'active-backup/office/task/1/event');
    const payload = parse(message.payload);
    assert.deepEqual(
      [payload.event_type, payload.execution_id, payload.duration, payload.transferred_bytes],
      ['success', 7, 22553, 330136860639],
    );
  });

  it('tell added and removed on the package too, whose entity is there when the task is not', () => {
    const found = eventMessages(topics, event('removed', task()));
    assert.deepEqual(
      found.map(({ topic }) => topic),
      ['active-backup/office/task/1/event', 'active-backup/office/event'],
    );
  });

  it('never carry the text of an error or what a setting was', () => {
    const changed = event('settings_changed', task(), {
      before: { secret: 'tenant-1' },
      after: 'admin@contoso.example',
    });
    const gone = event('nas_lost', null, { after: 'nas.example refused admin' });
    const text = JSON.stringify([...eventMessages(topics, changed), ...eventMessages(topics, gone)]);
    assert.equal(/tenant|contoso|nas\.example/.test(text), false);
    const [coded] = eventMessages(topics, event('nas_lost', null, { after: 'UNREACHABLE' }));
    assert.equal(parse(coded?.payload ?? '').code, 'UNREACHABLE');
  });

  it('name the command, its outcome and why', () => {
    const { payload } = commandMessage(
      topics,
      { command: 'run', taskId: 3, outcome: 'refused', code: 'TASK_RUNNING' },
      0,
    );
    const { event_type, command, task_id, code } = parse(payload);
    assert.deepEqual([event_type, command, task_id, code], ['command_refused', 'run', 3, 'TASK_RUNNING']);
  });
});
