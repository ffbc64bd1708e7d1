// Two signs on the broker that something must be published again: Home Assistant's birth, and a late last will.
import type { BrokerConnection } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import { online } from './plan';

/** Home Assistant asks for a random wait after its birth, so that not all publishers answer in one instant. */
const birthWaitMs = { least: 2_000, most: 10_000 };
/** Between two corrections of the status: two publishers with one slug would answer each other for ever. */
const correctionMs = 5_000;

/** What the watch on a sign works with. */
export interface SignOptions {
  broker: BrokerConnection;
  topic: string;
  scheduler: Scheduler;
}

/**
 * Calls `announce` a random 2 to 10 s after Home Assistant said that it has started. The returned function calls off
 * what is pending. A birth that the broker kept is none: everything is announced at each connect anyway.
 */
export function answerBirth(options: SignOptions, random: () => number, announce: () => void): () => void {
  const { broker, topic, scheduler } = options;
  let cancel: (() => void) | null = null;
  broker.subscribe(topic, ({ payload, retain }) => {
    if (payload !== online || retain || cancel !== null) return;
    const waitMs = birthWaitMs.least + random() * (birthWaitMs.most - birthWaitMs.least);
    cancel = scheduler.after(waitMs, () => {
      cancel = null;
      announce();
    });
  });
  return () => {
    cancel?.();
    cancel = null;
  };
}

/**
 * Calls `correct` when somebody else's word replaced our `online`: the last will of an earlier connection may arrive
 * late, when its broker notices the loss only after this connection stood. The returned function calls it off.
 */
export function guardStatus(options: SignOptions, correct: () => void): () => void {
  const { broker, topic, scheduler } = options;
  let cancel: (() => void) | null = null;
  let lastMs = -Infinity;
  broker.subscribe(topic, ({ payload, retain }) => {
    if (retain || payload === online || cancel !== null || broker.published(topic) !== online) return;
    const waitMs = Math.max(0, lastMs + correctionMs - scheduler.now());
    cancel = scheduler.after(waitMs, () => {
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
