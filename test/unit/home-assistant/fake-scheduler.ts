// A clock that a test moves.
import type { Scheduler } from '../../../lib/monitor/scheduler';

export class FakeScheduler implements Scheduler {
  private timers: { atMs: number; callback: () => void }[] = [];

  constructor(private nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { atMs: this.nowMs + Math.max(0, ms), callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Somebody sets the clock back; timers run on, as those of the machine do. */
  setBack(ms: number): void {
    this.nowMs -= ms;
    for (const timer of this.timers) timer.atMs -= ms;
  }

  /** Lets `ms` pass: every timer at its time, and everything that follows from it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.nowMs = next.atMs;
      next.callback();
      await settle();
    }
    this.nowMs = endMs;
  }
}

/** Lets promises that are due do their work. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
