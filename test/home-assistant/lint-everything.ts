// Lets the linter judge what passed a broker: our documents in their order, with every payload on the topics they name.
import { lintDocuments } from './lint-documents';

/** Documents of this package, under any discovery prefix. */
const ourDocument = /(^|\/)device\/active_backup_[a-z0-9_]+\/config$/;

/** Everything that Home Assistant would refuse, warn of or drop: one line each. */
export function problemsOf(messages: readonly { readonly topic: string; readonly payload: string }[]): string[] {
  const documents = messages.filter(({ topic }) => ourDocument.test(topic));
  const samples = new Map<string, string[]>();
  for (const { topic, payload } of messages) {
    const seen = samples.get(topic) ?? [];
    if (seen.length === 0) samples.set(topic, seen);
    seen.push(payload);
  }
  return lintDocuments(documents, samples).map((each) => `${each.topic} ${each.component ?? ''}: ${each.message}`);
}
