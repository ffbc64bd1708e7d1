// Remembers, in a node's context, up to where a log was read: only newer entries are given the next time.
import { createHash } from 'node:crypto';
import type { Node } from 'node-red';
import { rawOf, type LogEntry, type LogPage } from '../active-backup';
import { asObject } from './config-values';

/** The newest entries that were given: their second, and which they were, as several share one. */
export interface LogMark {
  at: string;
  seen: string[];
}

/** Entries that came after a mark, newest first, and the mark for the next time. */
export interface NewEntries {
  entries: LogEntry[];
  mark: LogMark | null;
  /** True when the limit was reached before the mark: older new entries were left out. */
  more: boolean;
  raw: unknown;
}

/** Reads pages until the mark. Without a mark the newest page is what is new. */
export async function newEntriesSince(
  mark: LogMark | null,
  readPage: (offset: number, limit: number) => Promise<LogPage>,
  { limit, maxEntries }: { limit: number; maxEntries: number },
): Promise<NewEntries> {
  const entries: LogEntry[] = [];
  const raw: unknown[] = [];
  const given = new Set<string>();
  let offset = 0;
  for (;;) {
    const page = await readPage(offset, Math.min(limit, maxEntries - offset));
    raw.push(rawOf(page));
    const fresh = page.entries.filter((entry) => isNew(entry, mark));
    const placed = fresh.map((entry) => ({ entry, key: `${entry.at ?? ''} ${keyOf(entry)}` }));
    // A log that grows while it is read repeats on this page what was at the end of the page before.
    for (const { entry, key } of placed) if (!given.has(key)) entries.push(entry);
    for (const { key } of placed) given.add(key);
    offset += page.entries.length;
    const reachedMark = mark === null || fresh.length < page.entries.length;
    // Counted in rows that were read: a NAS that takes no offset gives the same ones for ever.
    if (reachedMark || !page.more || offset >= maxEntries) {
      return { entries, mark: nextMark(entries, mark), more: !reachedMark && page.more, raw };
    }
  }
}

function isNew(entry: LogEntry, mark: LogMark | null): boolean {
  if (mark === null || entry.at === null || entry.at > mark.at) return true;
  return entry.at === mark.at && !mark.seen.includes(keyOf(entry));
}

function nextMark(entries: readonly LogEntry[], mark: LogMark | null): LogMark | null {
  const newest = entries.reduce(
    (latest, entry) => (entry.at !== null && entry.at > latest ? entry.at : latest),
    mark?.at ?? '',
  );
  if (newest === '') return mark;
  const seen = entries.filter((entry) => entry.at === newest).map(keyOf);
  return { at: newest, seen: newest === mark?.at ? [...mark.seen, ...seen] : seen };
}

function keyOf({ taskId, runId, text, codes }: LogEntry): string {
  return JSON.stringify([taskId, runId, codes.logType, codes.errorCode, text]);
}

/** Where a node keeps the mark of one log: of which NAS, which task and which keyword it is. */
export interface LogMarkPlace {
  nas: string;
  /** Null for the package's log. */
  taskId: number | null;
  keyWord: string;
  /** Name of a context store; undefined for the default one. */
  store: string | undefined;
}

/** Per node, the end of the last reading: of two messages at once the second must see the mark of the first. */
const lines = new WeakMap<Node, Promise<unknown>>();

/** What is new since this node read the same log the last time; the mark moves on. */
export function readNewEntries(
  node: Node,
  place: LogMarkPlace,
  readPage: (offset: number, limit: number) => Promise<LogPage>,
  limits: { limit: number; maxEntries: number },
): Promise<NewEntries> {
  const key = contextKey(place);
  const read = async (): Promise<NewEntries> => {
    const found = await newEntriesSince(await readLogMark(node, key, place.store), readPage, limits);
    await writeLogMark(node, key, place.store, found.mark);
    return found;
  };
  const reading = (lines.get(node) ?? Promise.resolve()).then(read, read);
  lines.set(node, reading);
  return reading;
}

/** A context key is read as a property expression, in which names of tasks and keywords would be syntax. */
function contextKey({ nas, taskId, keyWord }: LogMarkPlace): string {
  const hash = createHash('sha256').update(JSON.stringify([nas, taskId, keyWord]));
  return `log_${hash.digest('hex').slice(0, 16)}`;
}

function readLogMark(node: Node, key: string, store: string | undefined): Promise<LogMark | null> {
  return new Promise((resolve, reject) => {
    node.context().get(key, store, (error: unknown, value: unknown) => {
      if (error) reject(asError(error));
      else resolve(asMark(value));
    });
  });
}

function writeLogMark(node: Node, key: string, store: string | undefined, mark: LogMark | null): Promise<void> {
  return new Promise((resolve, reject) => {
    node.context().set(key, mark, store, (error: unknown) => {
      if (error) reject(asError(error));
      else resolve();
    });
  });
}

function asMark(value: unknown): LogMark | null {
  const mark = asObject(value);
  if (typeof mark?.at !== 'string' || !Array.isArray(mark.seen)) return null;
  return { at: mark.at, seen: mark.seen.filter((key): key is string => typeof key === 'string') };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The context store failed.');
}
