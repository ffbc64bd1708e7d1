// Signs on the broker that something must be published: Home Assistant's birth, and a status that is not true.
import type { BrokerConnection } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { offline, online } from './plan';
import { timeLeftMs } from './time-left';

/** Home Assistant asks for a random wait after its birth, so that not all publishers answer in one instant. */
const birthWaitMs = { least: 2_000, most: 10_000 };
/** Between two corrections of the status: two publishers with one slug would answer each other for ever. */
const correctionMs = 5_000;

/** What the watch on a sign works with. */
export interface SignOptions {
  broker: BrokerConnection;
  scheduler: Scheduler;
}

/**
 * Calls `announce` a random 2 to 10 s after Home Assistant said on one of `topics` that it has started. The returned
 * function calls off what is pending. A birth that the broker kept is none: everything is announced at each connect
 * anyway.
 */
export function answerBirth(
  { broker, scheduler }: SignOptions,
  topics: readonly string[],
  random: () => number,
  announce: () => void,
): () => void {
  let cancel: (() => void) | null = null;
  for (const topic of topics) {
    broker.subscribe(topic, ({ payload, retain }) => {
      if (payload !== online || retain || cancel !== null) return;
      const waitMs = birthWaitMs.least + random() * (birthWaitMs.most - birthWaitMs.least);
      cancel = scheduler.after(waitMs, () => {
        cancel = null;
        announce();
      });
    });
  }
  return () => {
    cancel?.();
    cancel = null;
  };
}

/** What is known of our own status, and how it is put right. */
export interface OwnStatus {
  topic: string;
  /** Whether the first poll has ended. */
  isKnown: () => boolean;
  correct: () => void;
}

/**
 * Watches over the status. An `online` that the broker kept while nothing is known yet is taken back at once: after a
 * power cut of the whole house nobody's last will came. Somebody else's word in place of our `online` is corrected: the
 * last will of an earlier connection may arrive late, when its broker notices the loss only after this connection
 * stood. The returned function calls that off.
 */
export function guardStatus({ broker, scheduler }: SignOptions, { topic, isKnown, correct }: OwnStatus): () => void {
  let cancel: (() => void) | null = null;
  let lastMs = -Infinity;
  broker.subscribe(topic, ({ payload, retain }) => {
    if (retain && payload === online && !isKnown()) void broker.publish(topic, offline, { retain: true });
    if (retain || payload === online || cancel !== null || broker.published(topic) !== online) return;
    cancel = scheduler.after(timeLeftMs(lastMs, correctionMs, scheduler.now()), () => {
      cancel = null;
      lastMs = scheduler.now();
      correct();
    });
  });
  return () => {
    cancel?.();
    cancel = null;
  };
}
