// Keeps the broker in step with one NAS: announces, publishes what changes, takes commands, cleans up.
import type { BrokerConnection } from '../mqtt';
import { systemScheduler, type Scheduler } from '../monitor/scheduler';
import type { BackupEvent, NasHealth, Snapshot } from '../monitor/types';
import { answerBirth, guardStatus } from './broker-signs';
import { tasksToClear } from './cleanup';
import { CommandDesk } from './command-desk';
import type { DeviceDocument } from './documents';
import { commandMessage, eventMessages, type CommandOutcome } from './events';
import { clearEverything, within } from './farewell';
import { lookForLeftovers, type Leftovers } from './leftovers';
import { Outbox } from './outbox';
import { offline, planFor } from './plan';
import type { Publisher, PublisherOptions, PublisherStatus } from './publisher-types';
import { Removals } from './removals';
import { TaskLedger } from './task-ledger';
import { topicsFor, type Topics } from './topics';

/** A broker that does not confirm a goodbye is left after so long: Node-RED waits 15 s for a node to close. */
const goodbyeMs = 2_000;
const clearingMs = 8_000;

/** Makes the publisher of one NAS. Nothing is connected before `start`. */
export function createPublisher(options: PublisherOptions): Publisher {
  return new MqttPublisher(options);
}

class MqttPublisher implements Publisher {
  private readonly topics: Topics;
  private readonly scheduler: Scheduler;
  private readonly commandsAllowed: boolean;
  private readonly tasks = new TaskLedger();
  private readonly removals: Removals;
  private running: { broker: BrokerConnection; outbox: Outbox; unwatch: () => void } | null = null;
  private snapshot: Snapshot | null = null;
  private health: NasHealth;
  private leftovers: Leftovers | null = null;
  private isCleanedUp = false;
  private stopLooking: (() => void) | null = null;
  private callOffSigns: (() => void)[] = [];
  private lastStatus = '';
  private readonly toldErrors = new Set<string>();

  constructor(private readonly options: PublisherOptions) {
    const { settings } = options;
    this.topics = topicsFor(settings);
    this.scheduler = options.scheduler ?? systemScheduler;
    this.commandsAllowed = settings.control && settings.allowChanges;
    this.health = options.monitor.health;
    this.removals = new Removals(this.scheduler, (taskId) => this.clearTask(taskId));
  }

  start(): void {
    if (this.running) return;
    const broker = this.options.connect({ topic: this.topics.status, payload: offline });
    const outbox = new Outbox(broker, this.scheduler);
    this.running = { broker, outbox, unwatch: () => undefined };
    this.followBroker(broker);
    try {
      this.running.unwatch = this.options.monitor.watch({
        id: this.options.id,
        onUpdate: (snapshot, health) => this.update(snapshot, health),
        onEvent: (event) => this.tell(event),
      });
    } catch (error) {
      void this.close();
      throw error;
    }
    this.showStatus();
  }

  async refresh(): Promise<{ tasks: number; published: number }> {
    const outbox = this.running?.outbox;
    const before = outbox?.sent ?? 0;
    const { tasks } = await this.options.monitor.refresh();
    await outbox?.whenQuiet();
    return { tasks: tasks.length, published: (outbox?.sent ?? 0) - before };
  }

  announceAgain(): void {
    this.running?.outbox.sendAllAgain();
  }

  async close({ removed = false }: { removed?: boolean } = {}): Promise<void> {
    const { running } = this;
    this.running = null;
    if (!running) return;
    const { broker, outbox, unwatch } = running;
    unwatch();
    outbox.close();
    this.removals.close();
    this.stopLooking?.();
    this.ignoreSigns();
    if (removed && this.options.settings.removeOnDelete) {
      const taskIds = [...this.tasks.aliveIds, ...this.removals.taskIds];
      const clearing = clearEverything(broker, this.topics, taskIds, this.leftovers, this.scheduler);
      if ((await within(clearing, clearingMs, this.scheduler)) !== true)
        this.options.log('warn', 'The broker is away: what is retained there could not be removed.');
    } else {
      // A clean goodbye discards the last will, so it is said here.
      await within(broker.publish(this.topics.status, offline, { retain: true }), goodbyeMs, this.scheduler);
    }
    await broker.end();
  }

  private followBroker(broker: BrokerConnection): void {
    const { topics } = this;
    broker.onConnect(() => {
      this.toldErrors.clear();
      this.options.log('info', 'Connected to the MQTT broker.');
      this.lookAround(broker);
      this.showStatus();
    });
    broker.onDisconnect(() => {
      this.stopLooking?.();
      this.ignoreSigns();
      if (!this.running) return;
      this.options.log('warn', 'The connection to the MQTT broker broke.');
      this.showStatus();
    });
    broker.onError((text) => {
      if (this.toldErrors.has(text)) return;
      this.toldErrors.add(text);
      this.options.log('warn', `MQTT broker: ${text}`);
    });
    const desk = this.commandDesk(broker);
    for (const filter of topics.commandFilters) {
      broker.subscribe(filter, (message) => desk.take(message), { retainAsPublished: true });
    }
    this.followSigns(broker);
  }

  private followSigns(broker: BrokerConnection): void {
    const { topics, scheduler } = this;
    const { settings, random = Math.random } = this.options;
    const correct = (): void => {
      broker.forget(topics.status);
      this.plan();
    };
    this.callOffSigns.push(guardStatus({ broker, topic: topics.status, scheduler }, correct));
    const birthTopic = settings.birthTopic ?? topics.discovery?.birth ?? '';
    if (!settings.discovery || birthTopic === '') return;
    this.callOffSigns.push(answerBirth({ broker, topic: birthTopic, scheduler }, random, () => this.announceAgain()));
  }

  private ignoreSigns(): void {
    for (const callOff of this.callOffSigns) callOff();
  }

  private commandDesk(broker: BrokerConnection): CommandDesk {
    return new CommandDesk({
      topics: this.topics,
      commandsAllowed: this.commandsAllowed,
      commands: this.options.commands,
      scheduler: this.scheduler,
      mayExist: (taskId) => this.tasks.mayExist(taskId),
      clear: (topic) => {
        // Cleared each time that it comes back, also with the same connection.
        broker.forget(topic);
        void broker.publish(topic, '', { retain: true });
      },
      tell: (outcome) => this.tellOutcome(outcome),
      log: this.options.log,
    });
  }

  /** Once per process: what an earlier run left is known before anything is announced. */
  private lookAround(broker: BrokerConnection): void {
    if (this.leftovers !== null) return;
    this.stopLooking?.();
    const { settings } = this.options;
    this.stopLooking = lookForLeftovers(broker, this.topics, settings.slug, this.scheduler, (leftovers) => {
      this.leftovers = leftovers;
      for (const { topic, taskId, components } of leftovers.documents) {
        if (taskId !== null) this.tasks.learn(taskId, components);
        this.running?.outbox.learn(topic, components);
        if (!settings.discovery) this.running?.outbox.clear(topic, []);
      }
      this.plan();
    });
  }

  private update(snapshot: Snapshot | null, health: NasHealth): void {
    this.snapshot = snapshot;
    this.health = health;
    if (snapshot !== null) this.noteTasks(snapshot);
    this.plan();
    this.showStatus();
  }

  private noteTasks(snapshot: Snapshot): void {
    const { gone, shown } = this.tasks.note(snapshot);
    for (const taskId of shown) this.removals.back(taskId);
    for (const taskId of gone) this.removals.gone(taskId);
  }

  /** Hands over what should stand on the broker, once the first poll has ended and the look at the broker is done. */
  private plan(): void {
    const outbox = this.running?.outbox;
    if (!outbox || this.leftovers === null || this.health.state === 'unknown') return;
    const { snapshot, health, topics } = this;
    const { settings } = this.options;
    const tasks = this.tasks.shown();
    const plan = planFor(topics, { ...settings, commandsAllowed: this.commandsAllowed }, { snapshot, health, tasks });
    outbox.wantStates(plan.states);
    if (settings.discovery) outbox.wantDocuments(this.withoutGuesses(plan.documents));
    this.cleanUp(this.leftovers, outbox);
    outbox.open();
  }

  /**
   * Before the first good poll the package's document lacks what only the NAS can tell, so one that an earlier run
   * left is not replaced by a poorer one.
   */
  private withoutGuesses(documents: ReadonlyMap<string, DeviceDocument>): ReadonlyMap<string, DeviceDocument> {
    const isKnown = this.leftovers?.documents.some(({ taskId }) => taskId === null) ?? false;
    return this.snapshot === null && isKnown ? new Map() : documents;
  }

  private cleanUp(leftovers: Leftovers, outbox: Outbox): void {
    if (this.isCleanedUp || !this.tasks.mayCleanUp) return;
    this.isCleanedUp = true;
    const alive = new Set([...this.tasks.aliveIds, ...this.removals.taskIds]);
    for (const { documentTopic, stateTopics } of tasksToClear(leftovers, alive).values()) {
      outbox.clear(documentTopic, stateTopics);
    }
  }

  private clearTask(taskId: number): void {
    const { state, attributes } = this.topics.task(taskId);
    const documentTopic = this.options.settings.discovery ? this.topics.discovery?.taskDocument(taskId) : undefined;
    this.running?.outbox.clear(documentTopic ?? null, [state, attributes]);
  }

  private async tell(event: BackupEvent): Promise<void> {
    const outbox = this.running?.outbox;
    if (!outbox) throw new Error('The publisher is closed.');
    const removedId = event.event === 'removed' ? (event.task?.id ?? null) : null;
    if (removedId !== null) this.removals.eventStarted(removedId);
    await Promise.all(eventMessages(this.topics, event).map((message) => outbox.tell(message)));
    if (removedId !== null) this.removals.eventEnded(removedId);
  }

  private tellOutcome(outcome: CommandOutcome): void {
    const outbox = this.running?.outbox;
    if (!outbox) return;
    // Whether it reaches the broker before a close is nobody's concern: the log has it too.
    outbox.tell(commandMessage(this.topics, outcome, this.scheduler.now())).catch(() => undefined);
    this.options.onCommand?.(outcome);
  }

  private showStatus(): void {
    const status: PublisherStatus = {
      brokerConnected: this.running?.broker.connected ?? false,
      nas: this.health.state,
      errorCode: this.health.errorCode,
      tasks: this.snapshot?.tasks.length ?? null,
    };
    const text = JSON.stringify(status);
    if (text === this.lastStatus) return;
    this.lastStatus = text;
    this.options.onStatus?.(status);
  }
}
