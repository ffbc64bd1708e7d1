// Keeps the broker in step with one NAS: announces, publishes what changes, takes commands, cleans up.
import type { BrokerConnection } from '../mqtt';
import { systemScheduler, type Scheduler } from '../monitor/scheduler';
import type { BackupEvent, NasHealth, Snapshot } from '../monitor/types';
import { logConnection } from './broker-log';
import type { DeviceDocument } from './documents';
import { EarlierRun } from './earlier-run';
import { commandMessage, eventMessages, type CommandOutcome } from './events';
import { clearEverything, within } from './farewell';
import { openInbox } from './inbox';
import { Outbox } from './outbox';
import { offline, planFor } from './plan';
import type { Publisher, PublisherOptions, PublisherStatus } from './publisher-types';
import { Removals } from './removals';
import { TaskLedger } from './task-ledger';
import { topicsFor, type Topics } from './topics';

/** A broker that does not confirm a goodbye is left after so long: Node-RED waits 15 s for a node to close. */
const goodbyeMs = 2_000;
const clearingMs = 8_000;
/** A refresh that comes during the start waits for it so long at the most: the broker may be away. */
const openingMs = 5_000;

/** Makes the publisher of one NAS. Nothing is connected before `start`. */
export function createPublisher(options: PublisherOptions): Publisher {
  return new MqttPublisher(options);
}

class MqttPublisher implements Publisher {
  readonly #topics: Topics;
  readonly #scheduler: Scheduler;
  readonly #commandsAllowed: boolean;
  readonly #tasks = new TaskLedger();
  readonly #removals: Removals;
  #running: { broker: BrokerConnection; outbox: Outbox; unwatch: () => void } | null = null;
  #snapshot: Snapshot | null = null;
  #health: NasHealth;
  readonly #earlier: EarlierRun;
  #callOffAnswers: () => void = () => undefined;
  #lastStatus = '';
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
    const { settings } = options;
    this.#topics = topicsFor(settings);
    this.#scheduler = options.scheduler ?? systemScheduler;
    this.#commandsAllowed = settings.control && settings.allowChanges;
    this.#health = options.monitor.health;
    this.#earlier = new EarlierRun({ topics: this.#topics, slug: settings.slug, scheduler: this.#scheduler });
    this.#removals = new Removals(this.#scheduler, (taskId) => this.#clearTask(taskId));
  }

  start(): void {
    if (this.#running) return;
    const broker = this.#options.connect({ topic: this.#topics.status, payload: offline });
    const outbox = new Outbox(broker, this.#scheduler, this.#topics.discovery?.packageDocument ?? null);
    this.#running = { broker, outbox, unwatch: () => undefined };
    this.#followBroker(broker);
    try {
      this.#running.unwatch = this.#options.monitor.watch({
        id: this.#options.id,
        onUpdate: (snapshot, health) => this.#update(snapshot, health),
        onEvent: (event) => this.#tell(event),
      });
    } catch (error) {
      void this.close();
      throw error;
    }
    this.#showStatus();
  }

  async refresh(signal?: AbortSignal): Promise<{ tasks: number; published: number }> {
    const outbox = this.#running?.outbox;
    const before = outbox?.sent ?? 0;
    const { tasks } = await this.#options.monitor.refresh(signal);
    if (outbox) await within(outbox.opened, openingMs, this.#scheduler);
    await outbox?.whenQuiet();
    return { tasks: tasks.length, published: (outbox?.sent ?? 0) - before };
  }

  announceAgain(): void {
    this.#running?.outbox.sendAllAgain();
  }

  async close({ removed = false }: { removed?: boolean } = {}): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (!running) return;
    const { broker, outbox, unwatch } = running;
    unwatch();
    outbox.close();
    this.#removals.close();
    this.#earlier.stop();
    this.#callOffAnswers();
    const { settings } = this.#options;
    if (removed && settings.removeOnDelete) {
      const taskIds = [...this.#tasks.aliveIds, ...this.#removals.taskIds, ...this.#earlier.taskIds];
      const own = { documents: settings.discovery ? outbox.knownDocuments : [], taskIds };
      const clearing = clearEverything(broker, this.#topics, own, this.#scheduler);
      if ((await within(clearing, clearingMs, this.#scheduler)) !== true)
        this.#options.log('warn', 'The broker is away: what is retained there could not be removed.');
    } else {
      // A clean goodbye discards the last will, so it is said here.
      await within(broker.publish(this.#topics.status, offline, { retain: true }), goodbyeMs, this.#scheduler);
    }
    await broker.end();
  }

  #followBroker(broker: BrokerConnection): void {
    logConnection(broker, this.#options.log);
    broker.onConnect(() => {
      this.#lookAround(broker);
      this.#showStatus();
    });
    broker.onDisconnect(() => {
      this.#earlier.stop();
      this.#callOffAnswers();
      if (this.#running) this.#showStatus();
    });
    const { settings, commands, random = Math.random, log } = this.#options;
    this.#callOffAnswers = openInbox({
      broker,
      topics: this.#topics,
      scheduler: this.#scheduler,
      discovery: settings.discovery,
      random,
      commands: {
        commandsAllowed: this.#commandsAllowed,
        commands,
        mayExist: (taskId) => this.#tasks.mayExist(taskId),
        tell: (outcome) => this.#tellOutcome(outcome),
        log,
      },
      isKnown: () => this.#health.state !== 'unknown',
      announce: () => this.announceAgain(),
      correct: () => this.#plan(),
    });
  }

  /**
   * What an earlier run left is known before anything is announced. Until the first good poll each connect looks again:
   * a document that only that run could make is left alone, and must be replaced once it is lost.
   */
  #lookAround(broker: BrokerConnection): void {
    if (this.#earlier.isKnown && this.#snapshot !== null) return;
    const { discovery } = this.#options.settings;
    this.#earlier.look(broker, (documents, beforeMs) => {
      for (const { topic, taskId, components, payload } of documents) {
        this.#tasks.learn(taskId, components);
        this.#running?.outbox.learn(topic, components, payload, beforeMs);
        if (!discovery) this.#running?.outbox.clear(topic, []);
      }
      this.#plan();
    });
  }

  #update(snapshot: Snapshot | null, health: NasHealth): void {
    // After a failed poll the snapshot is still that of the last good one, which is no second witness.
    const isNew = snapshot !== this.#snapshot;
    this.#snapshot = snapshot;
    this.#health = health;
    if (snapshot !== null && isNew) this.#noteTasks(snapshot);
    this.#plan();
    this.#showStatus();
  }

  #noteTasks(snapshot: Snapshot): void {
    const { gone, shown } = this.#tasks.note(snapshot, this.#scheduler.now());
    for (const taskId of shown) this.#removals.back(taskId);
    for (const taskId of gone) this.#removals.gone(taskId);
  }

  /** Hands over what should stand on the broker, once the first poll has ended and the look at the broker is done. */
  #plan(): void {
    const outbox = this.#running?.outbox;
    if (!outbox || !this.#earlier.isKnown || this.#health.state === 'unknown') return;
    const snapshot = this.#snapshot;
    const health = this.#health;
    const topics = this.#topics;
    const { settings } = this.#options;
    const source = { snapshot, health, tasks: this.#tasks.shown(), keptServices: this.#tasks.keptServices };
    const plan = planFor(topics, { ...settings, commandsAllowed: this.#commandsAllowed }, source);
    outbox.wantStates(plan.states);
    if (settings.discovery) outbox.wantDocuments(this.#withoutGuesses(plan.documents));
    if (this.#tasks.mayCleanUp)
      this.#earlier.cleanUp(new Set([...this.#tasks.aliveIds, ...this.#removals.taskIds]), outbox);
    outbox.open();
  }

  /**
   * Before the first good poll the package's document lacks what only the NAS can tell, so one that an earlier run
   * left is not replaced by a poorer one.
   */
  #withoutGuesses(documents: ReadonlyMap<string, DeviceDocument>): ReadonlyMap<string, DeviceDocument> {
    return this.#snapshot === null && this.#earlier.hasPackageDocument ? new Map() : documents;
  }

  #clearTask(taskId: number): void {
    const { state, attributes } = this.#topics.task(taskId);
    const documentTopic = this.#options.settings.discovery ? this.#topics.discovery?.taskDocument(taskId) : undefined;
    this.#running?.outbox.clear(documentTopic ?? null, [state, attributes]);
  }

  async #tell(event: BackupEvent): Promise<void> {
    const outbox = this.#running?.outbox;
    if (!outbox) throw new Error('The publisher is closed.');
    const removedId = event.event === 'removed' ? (event.task?.id ?? null) : null;
    if (removedId !== null) this.#removals.eventStarted(removedId);
    await Promise.all(eventMessages(this.#topics, event).map((message) => outbox.tell(message)));
    if (removedId !== null) this.#removals.eventEnded(removedId);
  }

  #tellOutcome(outcome: CommandOutcome): void {
    const outbox = this.#running?.outbox;
    if (!outbox) return;
    // Whether it reaches the broker before a close is nobody's concern: the log has it too.
    outbox.tell(commandMessage(this.#topics, outcome, this.#scheduler.now())).catch(() => undefined);
    this.#options.onCommand?.(outcome);
  }

  #showStatus(): void {
    const status: PublisherStatus = {
      brokerConnected: this.#running?.broker.connected ?? false,
      nas: this.#health.state,
      errorCode: this.#health.errorCode,
      tasks: this.#snapshot?.tasks.length ?? null,
    };
    const text = JSON.stringify(status);
    if (text === this.#lastStatus) return;
    this.#lastStatus = text;
    this.#options.onStatus?.(status);
  }
}
