// How documents follow each other, as a subscriber sees it.
import assert from 'node:assert/strict';
import { DocumentQueue } from '../../../lib/home-assistant/document-queue';
import { packageDocument, taskDocument } from '../../../lib/home-assistant/discovery';
import { topicsFor } from '../../../lib/home-assistant/topics';
import { bench, longMs, type Bench, type BenchOptions } from './bench';
import type { RecordedMessage } from './fake-broker';
import { manyTasks, settings, snapshot, startMs, task } from './fixtures';

const packageTopic = 'homeassistant/device/active_backup_office/config';
const taskTopic = (id: number): string => `homeassistant/device/active_backup_office_task_${id}/config`;
const named = (name: string): ReturnType<typeof snapshot> => snapshot([task({ name })]);

async function announced(options: BenchOptions = {}): Promise<Bench> {
  const made = bench(options);
  made.monitor.poll(named('Before'));
  await made.scheduler.pass(longMs);
  made.broker.take();
  return made;
}

const documentsIn = (messages: readonly RecordedMessage[], topic: string): RecordedMessage[] =>
  messages.filter((message) => message.topic === topic);

describe('a document', () => {
  it('follows the one before two seconds after that had arrived, however long the way was', async () => {
    const { broker, monitor, scheduler } = await announced();
    broker.isMute = true;
    monitor.poll(named('One'));
    await scheduler.pass(1_500);
    monitor.poll(named('Two'));
    await scheduler.pass(10_000);
    assert.equal(documentsIn(broker.messages, taskTopic(1)).length, 1, 'nothing follows what is still on its way');
    const arrivedMs = scheduler.now();
    broker.confirm();
    await scheduler.pass(longMs);
    const [, two] = documentsIn(broker.take(), taskTopic(1));
    assert.match(two?.payload ?? '', /M365 backup Two/);
    assert.ok((two?.atMs ?? 0) - arrivedMs >= 2_000);
  });

  it('keeps the distance to that of an earlier run, and goes at once where it is the same', async () => {
    const earlier = await announced();
    const { broker, monitor, scheduler } = bench({ store: earlier.broker.store });
    monitor.poll(named('After'));
    await scheduler.pass(longMs);
    const [first] = documentsIn(broker.messages, taskTopic(1));
    assert.ok((first?.atMs ?? 0) - startMs >= 2_000);
    const [same] = documentsIn(broker.messages, packageTopic);
    assert.ok((same?.atMs ?? 0) - startMs < 2_000);
  });

  it('of a task follows that of the package by a second, at the start and after a birth', async () => {
    const { broker, monitor, scheduler } = bench();
    monitor.poll(snapshot(manyTasks(2)));
    await scheduler.pass(longMs);
    const judge = (messages: readonly RecordedMessage[]): void => {
      const [ofPackage] = documentsIn(messages, packageTopic);
      for (const id of [1, 2]) {
        const [ofTask] = documentsIn(messages, taskTopic(id));
        assert.ok((ofTask?.atMs ?? 0) - (ofPackage?.atMs ?? Infinity) >= 1_000, `task ${id}`);
      }
    };
    judge(broker.take());
    broker.say('homeassistant/status', 'online');
    await scheduler.pass(longMs);
    judge(broker.take());
  });

  it('of a task waits for that of the package also where an earlier run left both', async () => {
    const earlier = await announced();
    const store = [...earlier.broker.store].sort(([a], [b]) => b.length - a.length);
    const { broker, monitor, scheduler } = bench({ store });
    monitor.poll(named('Before'));
    await scheduler.pass(longMs);
    const [ofPackage] = documentsIn(broker.messages, packageTopic);
    const [ofTask] = documentsIn(broker.messages, taskTopic(1));
    assert.ok((ofTask?.atMs ?? 0) - (ofPackage?.atMs ?? Infinity) >= 1_000);
  });
});

describe('a clock that is set back', () => {
  const chosen = { ...settings(), commandsAllowed: true };
  const topics = topicsFor(chosen);
  const hourMs = 3_600_000;

  it('holds back neither the next document of a topic nor that of another', () => {
    const queue = new DocumentQueue(packageTopic);
    const sent = new Map<string, string>();
    const published = (topic: string): string | undefined => sent.get(topic);
    const want = (name: string): void => {
      queue.want(packageTopic, packageDocument(topics, chosen, snapshot([])));
      for (const id of [1, 2]) queue.want(taskTopic(id), taskDocument(topics, chosen, task({ id, name }), name));
    };
    const send = (nowMs: number): string => {
      const due = queue.next(nowMs, published);
      assert.ok(due);
      assert.equal(due.waitMs, 0);
      queue.sending(due, nowMs)(true, nowMs);
      sent.set(due.track.topic, due.text);
      return due.track.topic;
    };
    want('Before');
    assert.equal(send(startMs), packageTopic);
    assert.deepEqual([send(startMs + 1_000), send(startMs + 1_050)], [taskTopic(1), taskTopic(2)]);
    want('After');
    assert.deepEqual([send(startMs - hourMs), send(startMs - 2 * hourMs)], [taskTopic(1), taskTopic(2)]);
  });
});
