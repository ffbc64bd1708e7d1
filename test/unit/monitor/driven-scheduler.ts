// A clock with timers that a test moves, alone or together with a simulated NAS's clock.
import type { Scheduler } from '../../../lib/monitor';

/** Time that something else keeps: a simulated NAS's virtual clock. */
export interface SharedClock {
  now(): number;
  advance(seconds: number): void;
}

/** Keeps time by itself. */
export class OwnClock implements SharedClock {
  constructor(private nowMs: number) {}
  now(): number {
    return this.nowMs;
  }
  advance(seconds: number): void {
    this.nowMs += seconds * 1000;
  }
}

interface Timer {
  atMs: number;
  order: number;
  callback: () => void;
}

/** A scheduler whose time passes only by `pass` and `passTo`. */
export class DrivenScheduler implements Scheduler {
  private timers: Timer[] = [];
  private order = 0;

  /** @param settle waits until everything that a timer began has ended */
  constructor(
    readonly clock: SharedClock,
    private readonly settle: () => Promise<void> = turns,
  ) {}

  now(): number {
    return this.clock.now();
  }

  after(ms: number, callback: () => void): () => void {
    this.order += 1;
    const timer = { atMs: this.now() + Math.max(0, ms), order: this.order, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers that are set. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Forgets every timer, as the end of a process does. */
  clear(): void {
    this.timers = [];
  }

  /** Lets so many milliseconds pass: every timer at its time, and everything that follows from it. */
  async pass(ms: number): Promise<void> {
    await this.passTo(this.now() + ms);
  }

  async passTo(endMs: number): Promise<void> {
    await this.settle();
    for (;;) {
      const next = this.timers
        .filter(({ atMs }) => atMs <= endMs)
        .sort((left, right) => left.atMs - right.atMs || left.order - right.order)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.moveTo(next.atMs);
      next.callback();
      await this.settle();
    }
    this.moveTo(endMs);
  }

  private moveTo(ms: number): void {
    if (ms > this.now()) this.clock.advance((ms - this.now()) / 1000);
  }
}

/** Lets promises that are due do their work. */
export async function turns(count = 4): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
