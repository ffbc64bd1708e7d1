// What the log says about a NAS: each trouble once when it begins, never once a poll.
import { isAway } from './health';
import { clockProblem } from './nas-clock';
import type { NasHealth } from './types';

/** Writes a line. */
export type LogLine = (level: 'info' | 'warn', text: string) => void;

/** Keeps in mind what was said. */
export class NasLog {
  #saidAway = false;
  #saidClock = false;
  readonly #line: LogLine;

  constructor(line: LogLine) {
    this.#line = line;
  }

  /** Says that the NAS went away, or that it is back. */
  health(health: NasHealth): void {
    if (isAway(health)) {
      const { errorCode, errorMessage } = health;
      if (!this.#saidAway) {
        this.#line('warn', `The NAS does not answer as it should (${errorCode ?? ''}): ${errorMessage ?? ''}`);
      }
      this.#saidAway = true;
    } else if (health.state === 'online') {
      if (this.#saidAway) this.#line('info', 'The NAS answers again.');
      this.#saidAway = false;
    }
  }

  /** Says that the clocks of NAS and host differ. */
  clock(clockSkewSeconds: number | null): void {
    const problem = clockProblem(clockSkewSeconds);
    if (problem !== null && !this.#saidClock) this.#line('warn', problem);
    this.#saidClock = problem !== null;
  }
}
