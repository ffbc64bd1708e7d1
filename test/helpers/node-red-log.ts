// The log of a Node-RED process: what it says, and which of its lines are complaints.

/** Lines that Node-RED itself writes in a test's surroundings, whatever is installed. */
const harmless: readonly RegExp[] = [
  // A test's user directory starts without a credentials file, and has no use for projects.
  /Encrypted credentials not found/,
  /Projects disabled/,
];

const complaint =
  /\[(warn|error|fatal)\]|\b(Deprecation|Experimental)?Warning:|Uncaught|Unhandled|UnhandledPromiseRejection/;

/** Escape sequences of coloured output. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Collects the output of a process. */
export class ProcessLog {
  #text = '';
  #listeners = new Set<() => void>();

  /** Adds a piece of output. */
  add(piece: string): void {
    this.#text += piece.replace(colours, '');
    for (const listener of [...this.#listeners]) listener();
  }

  get text(): string {
    return this.#text;
  }

  /** Lines that warn, or tell of an error or a deprecation. */
  complaints(from = 0): string[] {
    return this.#text
      .slice(from)
      .split('\n')
      .filter((line) => complaint.test(line) && !harmless.some((known) => known.test(line)));
  }

  /**
   * Waits for text that matches, from a position on, and gives the match.
   * @throws Error with the log's end, after the time or as soon as `failed` says why it cannot come any more.
   */
  waitFor(pattern: RegExp, from: number, timeoutMs: number, failed: () => string | null): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        clearInterval(watch);
        this.#listeners.delete(look);
        settle();
      };
      const fail = (why: string): void =>
        end(() => reject(new Error(`${why} while waiting for ${pattern.source}\n${this.#text.slice(-3000)}`)));
      const look = (): void => {
        const match = pattern.exec(this.#text.slice(from));
        if (match !== null) end(() => resolve(match));
        else {
          const why = failed();
          if (why !== null) fail(why);
        }
      };
      const timer = setTimeout(() => fail('Time was up'), timeoutMs);
      const watch = setInterval(look, 200);
      this.#listeners.add(look);
      look();
    });
  }
}
