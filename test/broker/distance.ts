// What a subscriber sees of the time between two documents on one topic.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { manyTasks, snapshot } from '../unit/home-assistant/fixtures';
import { observe, startPublisher, until, type SeenMessage, type Target } from './bench';

const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;
const taskCount = 5;
/** Odd, so that a change comes now before and now after the earliest moment for the next document. */
const changeMs = 900;

/** Milliseconds between two different documents that follow each other on a topic. */
function distances(messages: readonly SeenMessage[], topic: string): number[] {
  const documents = messages.filter((message) => message.topic === topic);
  return documents.flatMap(({ payload, atMs }, index) => {
    const before = documents[index - 1];
    return before === undefined || before.payload === payload ? [] : [atMs - before.atMs];
  });
}

/** Renames tasks again and again, with a redeploy in between, and judges what a subscriber saw. */
export async function judgeDistances(target: Target): Promise<void> {
  const seen = await observe(target);
  const renamed = (count: number): ReturnType<typeof snapshot> =>
    snapshot(manyTasks(taskCount).map((task) => ({ ...task, name: `${task.name}, ${count}` })));
  const lastDocument = (): string => seen.retained.get(taskTopic(taskCount)) ?? '';
  let publisher = startPublisher(target);
  try {
    publisher.monitor.poll(renamed(0));
    await until('everything to be announced', () => lastDocument().includes(', 0'));
    for (let count = 1; count <= 6; count += 1) {
      publisher.monitor.poll(renamed(count));
      await delay(changeMs);
    }
    await until('the last name', () => lastDocument().includes(', 6'));
    await publisher.publisher.close();
    publisher = startPublisher(target, { settings: { control: false } });
    publisher.monitor.poll(renamed(7));
    await until('the buttons to be gone', () => lastDocument().includes(', 7') && !lastDocument().includes('"button"'));
  } finally {
    await publisher.publisher.close();
    await seen.end();
  }
  for (let id = 1; id <= taskCount; id += 1) {
    const found = distances(seen.live, taskTopic(id));
    assert.ok(found.length >= 4, `task ${id}: ${found.length}`);
    assert.deepEqual(
      found.filter((ms) => ms < 2_000),
      [],
    );
  }
}
