// A process that writes a memory over and over, to be killed while it does.
import { emptyMemory } from '../../../lib/monitor';
import { memoryFile } from '../../../lib/node-red/memory-file';

const store = memoryFile(process.argv[2] ?? '', 'office', () => undefined);
const watchers = Array.from({ length: 2000 }, (_, index) => `watcher ${index}`);
for (let number = 1; ; number += 1) {
  store.save({ ...emptyMemory(), emptySinceMs: number, watchers });
  if (number === 1) process.send?.('writing');
}
