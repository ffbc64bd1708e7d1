// Commands that arrive over MQTT: whether they count, what they do, and how they ended.
import { isCodedError } from '../dsm/errors';
import type { BrokerMessage } from '../mqtt';
import type { Scheduler } from '../monitor/scheduler';
import type { CommandOutcome } from './events';
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
/** Presses of one button within this time are one press. */
const repeatMs = 2_000;

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
  private readonly lastPressMs = new Map<string, number>();
  private readonly underWay = new Set<string>();
  private readonly warned = new Set<string>();

  constructor(private readonly options: CommandDeskOptions) {}

  take({ topic, payload, retain }: BrokerMessage): void {
    const command = commandOf(this.options.topics, topic);
    // An empty payload is what clearing a retained message looks like.
    if (command === null || payload === '') return;
    if (retain) {
      this.discard(topic);
      return;
    }
    const nowMs = this.options.scheduler.now();
    const isRepeated = this.underWay.has(topic) || nowMs - (this.lastPressMs.get(topic) ?? -Infinity) < repeatMs;
    if (isRepeated) return;
    this.lastPressMs.set(topic, nowMs);
    const refusal = this.refusalOf(command, payload);
    if (refusal !== null) this.tell(command, 'refused', refusal);
    else void this.carryOut(command, topic);
  }

  /** A retained command would be carried out again at every reconnect, so it never is, and it is taken off the broker. */
  private discard(topic: string): void {
    if (!this.warned.has(topic)) {
      this.warned.add(topic);
      this.options.log(
        'warn',
        `A retained command on ${topic} was discarded and cleared. Publish commands without retain.`,
      );
    }
    this.options.clear(topic);
  }

  private refusalOf({ name, taskId }: Command, payload: string): string | null {
    if (payload.trim().toUpperCase() !== press) return 'INVALID_INPUT';
    if (name === 'refresh') return null;
    if (!this.options.commandsAllowed) return 'READ_ONLY';
    return this.options.mayExist(taskId) ? null : 'TASK_NOT_FOUND';
  }

  private async carryOut(command: Command, topic: string): Promise<void> {
    this.underWay.add(topic);
    try {
      await this.call(command);
      this.tell(command, 'done', null);
    } catch (error) {
      const code = isCodedError(error) ? error.code : 'NAS_ERROR';
      this.tell(command, refusals.includes(code) ? 'refused' : 'failed', code);
    } finally {
      this.underWay.delete(topic);
    }
    if (command.name !== 'refresh') await this.lookAgain();
  }

  private async call({ name, taskId }: Command): Promise<void> {
    const { commands } = this.options;
    if (name === 'refresh') await commands.refresh();
    else await commands[name](taskId);
  }

  /** The entities go back to the truth at once; why a poll fails is told by the NAS's own state. */
  private async lookAgain(): Promise<void> {
    await this.options.commands.refresh().catch(() => undefined);
  }

  private tell({ name, taskId }: Command, outcome: CommandOutcome['outcome'], code: string | null): void {
    const about = taskId === null ? name : `${name} of task ${taskId}`;
    const reason = code === null ? '' : ` (${code})`;
    this.options.log(outcome === 'done' ? 'info' : 'warn', `Command over MQTT, ${about}: ${outcome}${reason}.`);
    this.options.tell({ command: name, taskId, outcome, code });
  }
}
