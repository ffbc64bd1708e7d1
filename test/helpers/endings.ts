// Ends what a test has started, in reverse order, also when only a part of it could be started.

/** Things to end. */
export class Endings {
  #ends: (() => unknown)[] = [];

  /** Remembers how to end something, and gives it back. */
  add<Thing>(thing: Thing, end: (thing: Thing) => unknown): Thing {
    this.#ends.unshift(() => end(thing));
    return thing;
  }

  /**
   * Ends everything, the newest first, even when one end fails.
   * @throws the first error
   */
  async all(): Promise<void> {
    const errors: unknown[] = [];
    for (const end of this.#ends.splice(0)) {
      try {
        await end();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}
