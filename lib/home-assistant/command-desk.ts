// Commands that arrive over MQTT: whether they count, what they do, and how they ended.
import { isCodedError } from '../dsm/errors';
import type { BrokerMessage } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import type { CommandOutcome } from './events';
import { timeLeftMs } from './time-left';
import { commandOf, type Command, type Topics } from './topics';

/** What the commands do. Each rejects with a coded error when it was not carried out. */
export interface Commands {
  run(taskId: number): Promise<unknown>;
  cancel(taskId: number): Promise<unknown>;
  /** Asks the NAS now. */
  refresh(): Promise<unknown>;
}

/** What a desk works with. */
export interface CommandDeskOptions {
  topics: Topics;
  /** Whether run and cancel are carried out at all. */
  commandsAllowed: boolean;
  commands: Commands;
  scheduler: Scheduler;
  /** False only when the task certainly does not exist. */
  mayExist: (taskId: number) => boolean;
  /** Empties a retained command topic. */
  clear: (topic: string) => void;
  tell: (outcome: CommandOutcome) => void;
  log: (level: 'info' | 'warn', text: string) => void;
}

/** The payload of a press, as the documents announce it. */
const press = 'PRESS';
/**
 * Presses of one button within this time are one press. A refresh is open to all who may write to the broker, and each
 * costs the NAS a poll.
 */
const repeatMs = { run: 2_000, cancel: 2_000, refresh: 10_000 };

/** Errors that say "will not", as opposed to "could not". */
const refusals: readonly string[] = [
  'READ_ONLY',
  'TASK_NOT_FOUND',
  'TASK_RUNNING',
  'INVALID_INPUT',
  'NOT_CONFIRMED',
  'NOT_CONFIGURED',
  'NOT_SUPPORTED',
  'PERMISSION_DENIED',
];

/** Takes what comes in on the command topics. */
export class CommandDesk {
  /** When the last press of each topic was accepted. */
  readonly #lastPressMs = new Map<string, number>();
  readonly #underWay = new Set<string>();
  readonly #warned = new Set<string>();

  readonly #options: CommandDeskOptions;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  take({ topic, payload, retain }: BrokerMessage): void {
    const command = commandOf(this.#options.topics, topic);
    // An empty payload is what clearing a retained message looks like.
    if (command === null || payload === '') return;
    if (retain) {
      this.#discard(topic);
      return;
    }
    if (this.#isRepeated(command, topic)) return;
    const refusal = this.#refusalOf(command, payload);
    if (refusal !== null) {
      this.#tell(command, 'refused', refusal);
      return;
    }
    this.#lastPressMs.set(topic, this.#options.scheduler.now());
    void this.#carryOut(command, topic);
  }

  #isRepeated({ name }: Command, topic: string): boolean {
    const lastMs = this.#lastPressMs.get(topic) ?? -Infinity;
    return this.#underWay.has(topic) || timeLeftMs(lastMs, repeatMs[name], this.#options.scheduler.now()) > 0;
  }

  /** A retained command would be carried out again at every reconnect, so it never is, and it is taken off the broker. */
  #discard(topic: string): void {
    if (!this.#warned.has(topic)) {
      this.#warned.add(topic);
      this.#options.log(
        'warn',
        `A retained command on ${topic} was discarded and cleared. Publish commands without retain.`,
      );
    }
    this.#options.clear(topic);
  }

  #refusalOf({ name, taskId }: Command, payload: string): string | null {
    if (payload.trim().toUpperCase() !== press) return 'INVALID_INPUT';
    if (name === 'refresh') return null;
    if (!this.#options.commandsAllowed) return 'READ_ONLY';
    return this.#options.mayExist(taskId) ? null : 'TASK_NOT_FOUND';
  }

  async #carryOut(command: Command, topic: string): Promise<void> {
    this.#underWay.add(topic);
    try {
      await this.#call(command);
      this.#tell(command, 'done', null);
    } catch (error) {
      const code = isCodedError(error) ? error.code : 'NAS_ERROR';
      this.#tell(command, refusals.includes(code) ? 'refused' : 'failed', code);
    } finally {
      this.#underWay.delete(topic);
    }
    if (command.name !== 'refresh') await this.#lookAgain();
  }

  async #call({ name, taskId }: Command): Promise<void> {
    const { commands } = this.#options;
    if (name === 'refresh') await commands.refresh();
    else await commands[name](taskId);
  }

  /** The entities go back to the truth at once; why a poll fails is told by the NAS's own state. */
  async #lookAgain(): Promise<void> {
    await this.#options.commands.refresh().catch(() => undefined);
  }

  #tell({ name, taskId }: Command, outcome: CommandOutcome['outcome'], code: string | null): void {
    const about = taskId === null ? name : `${name} of task ${taskId}`;
    const reason = code === null ? '' : ` (${code})`;
    this.#options.log(outcome === 'done' ? 'info' : 'warn', `Command over MQTT, ${about}: ${outcome}${reason}.`);
    this.#options.tell({ command: name, taskId, outcome, code });
  }
}
