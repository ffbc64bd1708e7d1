// What every broker must carry, whichever it is and whatever it speaks: one short life of a publisher.
import assert from 'node:assert/strict';
import { event, health, manyTasks, snapshot } from '../unit/home-assistant/fixtures';
import { lintDocuments } from '../home-assistant/lint-documents';
import { keptBy, observe, startPublisher, until, type Target } from './bench';

const base = 'active-backup/office';
const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;

export async function shortSequence(target: Target): Promise<void> {
  const seen = await observe(target);
  const { publisher, monitor, calls, outcomes, log, breakConnection } = startPublisher(target);
  try {
    monitor.poll(snapshot(manyTasks(2)));
    await until('two tasks to be announced', () => seen.retained.has(taskTopic(2)));
    assert.equal(seen.retained.get(`${base}/status`), 'online');
    const documents = seen.live.filter(({ topic }) => topic.startsWith('homeassistant/'));
    assert.deepEqual(lintDocuments(documents, seen.retained), []);

    await seen.publish(`${base}/task/1/cmd/run`, 'PRESS');
    await until('the command to be carried out', () => outcomes.length === 1);
    assert.deepEqual(calls, ['run 1', 'refresh']);

    breakConnection();
    await until('the last will', () => seen.live.some(({ payload }) => payload === 'offline'));
    await until('the publisher to be back', () => seen.retained.get(`${base}/status`) === 'online');
    const [, two] = manyTasks(2);
    await monitor.tell(event('failed', two ?? null));
    await until('the event', () => seen.live.some(({ topic }) => topic === `${base}/task/2/event`));

    monitor.poll(snapshot(manyTasks(1)), health(), [event('removed', two ?? null)]);
    await until('the removed task to be cleared', () => !seen.retained.has(`${base}/task/2/attributes`));

    await publisher.close();
    await until('the goodbye', () => seen.retained.get(`${base}/status`) === 'offline');
    const left = [
      `${base}/nas`,
      `${base}/state`,
      `${base}/status`,
      `${base}/task/1/attributes`,
      `${base}/task/1/state`,
      'homeassistant/device/active_backup_office/config',
      taskTopic(1),
    ];
    const kept = await keptBy(target, '#');
    assert.deepEqual([...kept.keys()].sort(), left.sort());
    assert.deepEqual(
      log.filter((line) => line.includes('secret')),
      [],
    );
  } finally {
    await publisher.close();
    await seen.end();
  }
}
