// A publisher between a monitor, a broker and a clock that a test moves. Whatever it announces, the linter judges.
import assert from 'node:assert/strict';
import {
  createPublisher,
  type CommandOutcome,
  type Commands,
  type Publisher,
  type PublisherSettings,
  type PublisherStatus,
} from '../../../lib/home-assistant';
import { problemsOf } from '../../home-assistant/lint-everything';
import { FakeBroker, type RecordedMessage } from './fake-broker';
import { FakeMonitor } from './fake-monitor';
import { FakeScheduler } from './fake-scheduler';
import { settings, startMs } from './fixtures';

/** Each different document of the present test. */
const documents = new Map<string, RecordedMessage>();

afterEach(() => {
  const published = [...documents.values()];
  documents.clear();
  // Of several publishers, some with the same tasks: whose ids meet is judged where there is only one.
  assert.deepEqual(
    problemsOf(published).filter((problem) => !problem.includes(' is that of ')),
    [],
  );
});

export interface Bench {
  publisher: Publisher;
  monitor: FakeMonitor;
  broker: FakeBroker;
  scheduler: FakeScheduler;
  /** What the commands were asked for: `run 1`, `cancel 1`, `refresh`. */
  calls: string[];
  outcomes: CommandOutcome[];
  statuses: PublisherStatus[];
  log: string[];
  will: { topic: string; payload: string } | null;
}

export interface BenchOptions {
  settings?: Partial<PublisherSettings>;
  commands?: Partial<Commands>;
  /** What the broker keeps from earlier. */
  store?: Iterable<readonly [string, string]>;
}

/** Builds everything; the publisher is started, and the broker is connected unless `connected` is false. */
export function bench(options: BenchOptions = {}, connected = true): Bench {
  const scheduler = new FakeScheduler(startMs);
  const broker = new FakeBroker(scheduler, (message) => {
    if (message.topic.includes('/device/')) documents.set(`${message.topic} ${message.payload}`, message);
  });
  for (const [topic, payload] of options.store ?? []) broker.store.set(topic, payload);
  const monitor = new FakeMonitor();
  const made: Omit<Bench, 'publisher'> = {
    monitor,
    broker,
    scheduler,
    calls: [],
    outcomes: [],
    statuses: [],
    log: [],
    will: null,
  };
  const note = (call: string): Promise<void> => {
    made.calls.push(call);
    return Promise.resolve();
  };
  const publisher = createPublisher({
    id: 'node-1',
    monitor,
    connect: (will) => {
      made.will = will;
      return broker;
    },
    settings: settings(options.settings),
    commands: {
      run: (taskId) => note(`run ${taskId}`),
      cancel: (taskId) => note(`cancel ${taskId}`),
      refresh: () => note('refresh'),
      ...options.commands,
    },
    scheduler,
    random: () => 0.5,
    log: (level, text) => made.log.push(`${level} ${text}`),
    onStatus: (status) => made.statuses.push(status),
    onCommand: (outcome) => made.outcomes.push(outcome),
  });
  publisher.start();
  if (connected) broker.connect();
  return Object.assign(made, { publisher });
}

/** After so long everything that was due is sent, also second documents. */
export const longMs = 30_000;
