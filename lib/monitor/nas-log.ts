// What the log says about a NAS: each trouble once when it begins, never once a poll.
import { isAway, isCredentialError } from './health';
import { clockProblem } from './nas-clock';
import type { NasHealth } from './types';

/** Two clocks that differ by less agree. */
const agreeSeconds = 60;

/** Writes a line. */
export type LogLine = (level: 'info' | 'warn', text: string) => void;

/** Keeps in mind what was said. */
export class NasLog {
  #saidAway = false;
  /** The refusal of the credentials that was said. */
  #saidRefusal: string | null = null;
  #saidClock = false;
  readonly #line: LogLine;

  constructor(line: LogLine) {
    this.#line = line;
  }

  /** Says that the NAS went away, or that it is back. */
  health(health: NasHealth): void {
    if (isAway(health)) {
      const { errorCode, errorMessage } = health;
      // A NAS that is away comes back by itself; its refusal takes a person, who is to read of it.
      const isRefusal = isCredentialError(errorCode);
      if (!this.#saidAway || (isRefusal && errorCode !== this.#saidRefusal)) {
        this.#line('warn', `The NAS does not answer as it should (${errorCode ?? ''}): ${errorMessage ?? ''}`);
      }
      this.#saidAway = true;
      if (isRefusal) this.#saidRefusal = errorCode;
    } else if (health.state === 'online') {
      if (this.#saidAway) this.#line('info', 'The NAS answers again.');
      this.#saidAway = false;
      this.#saidRefusal = null;
    }
  }

  /** Says that the clocks of NAS and host differ; again only once they agree well, as near the limit they come and go. */
  clock(clockSkewSeconds: number | null): void {
    const problem = clockProblem(clockSkewSeconds);
    if (problem !== null && !this.#saidClock) this.#line('warn', problem);
    if (problem !== null) this.#saidClock = true;
    else if (clockSkewSeconds !== null && Math.abs(clockSkewSeconds) < agreeSeconds) this.#saidClock = false;
  }
}
