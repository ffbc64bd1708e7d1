// A secret that cannot be printed by accident: logs, JSON and error texts show a placeholder.
import { inspect } from 'node:util';

const PLACEHOLDER = '[secret]';

/** A string that only `reveal()` gives away. Text, JSON and `util.inspect` show `[secret]`, hidden fields included. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that puts it on the wire. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [Symbol.toPrimitive](): string {
    return PLACEHOLDER;
  }

  [inspect.custom](): string {
    return PLACEHOLDER;
  }
}
