// What comes to a publisher from the broker: commands, Home Assistant's birth, and a status that is not true.
import { answerBirth, guardStatus, type SignOptions } from './broker-signs';
import { CommandDesk, type CommandDeskOptions } from './command-desk';
import type { Topics } from './topics';

/** What an inbox works with, and what it sets off. */
export interface InboxOptions extends SignOptions {
  topics: Topics;
  /** Whether Home Assistant's birth is answered. */
  discovery: boolean;
  random: () => number;
  commands: Omit<CommandDeskOptions, 'topics' | 'scheduler' | 'clear'>;
  /** Whether the first poll has ended. */
  isKnown: () => boolean;
  /** Publishes everything again. */
  announce: () => void;
  /** Publishes what should stand there, now that our status is forgotten. */
  correct: () => void;
}

/** Listens from now on. The returned function calls off what is pending. */
export function openInbox(options: InboxOptions): () => void {
  const { broker, topics, scheduler, discovery, random } = options;
  const desk = new CommandDesk({
    ...options.commands,
    topics,
    scheduler,
    clear: (topic) => {
      // Cleared each time that it comes back, also with the same connection.
      broker.forget(topic);
      void broker.publish(topic, '', { retain: true });
    },
  });
  for (const filter of topics.commandFilters) {
    broker.subscribe(filter, (message) => desk.take(message), { retainAsPublished: true });
  }
  const correct = (): void => {
    broker.forget(topics.status);
    options.correct();
  };
  const status = { topic: topics.status, isKnown: options.isKnown, correct };
  const callOffCorrection = guardStatus({ broker, scheduler }, status);
  const births = discovery ? (topics.discovery?.births ?? []) : [];
  const callOffAnswer = answerBirth({ broker, scheduler }, births, random, options.announce);
  return () => {
    callOffCorrection();
    callOffAnswer();
  };
}
