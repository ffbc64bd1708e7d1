// What an earlier run of this publisher left on the broker: looked for at the start, and cleaned up when that is safe.
import type { BrokerConnection } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { tasksToClear } from './cleanup';
import { lookForLeftovers, type Leftovers } from './leftovers';
import type { Outbox } from './outbox';
import type { OwnDocument } from './ownership';
import type { Topics } from './topics';

/** What a look at the broker works with. */
export interface EarlierRunOptions {
  topics: Topics;
  slug: string;
  scheduler: Scheduler;
}

/** The leftovers of one publisher. */
export class EarlierRun {
  #found: Leftovers | null = null;
  #isCleanedUp = false;
  #stopLooking: () => void = () => undefined;

  readonly #options: EarlierRunOptions;

  constructor(options: EarlierRunOptions) {
    this.#options = options;
  }

  /** Whether a look has ended: before, nothing may be announced. */
  get isKnown(): boolean {
    return this.#found !== null;
  }

  /** Whether the package's document was there at the last look. */
  get hasPackageDocument(): boolean {
    return this.#found?.documents.some(({ taskId }) => taskId === null) ?? false;
  }

  /** Tasks of which states were there at the last look. */
  get taskIds(): number[] {
    return [...(this.#found?.stateTopics.keys() ?? [])];
  }

  /**
   * Looks at the broker, and calls back with the documents found and from before when they are. What was found
   * before counts until then.
   */
  look(broker: BrokerConnection, onFound: (documents: readonly OwnDocument[], beforeMs: number) => void): void {
    this.stop();
    const { topics, slug, scheduler } = this.#options;
    this.#stopLooking = lookForLeftovers(broker, topics, slug, scheduler, (found) => {
      this.#found = found;
      onFound(found.documents, found.sinceMs);
    });
  }

  stop(): void {
    this.#stopLooking();
  }

  /** Clears, once, what belongs to none of these tasks. */
  cleanUp(aliveTaskIds: ReadonlySet<number>, outbox: Outbox): void {
    if (this.#isCleanedUp || this.#found === null) return;
    this.#isCleanedUp = true;
    for (const { documentTopic, stateTopics } of tasksToClear(this.#found, aliveTaskIds).values()) {
      outbox.clear(documentTopic, stateTopics);
    }
  }
}
