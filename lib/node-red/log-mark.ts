// Remembers, in a node's context, up to where a log was read: only newer entries are given the next time.
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
  let offset = 0;
  for (;;) {
    const page = await readPage(offset, Math.min(limit, maxEntries - entries.length));
    raw.push(rawOf(page));
    const fresh = page.entries.filter((entry) => isNew(entry, mark));
    entries.push(...fresh);
    offset += page.entries.length;
    const reachedMark = mark === null || fresh.length < page.entries.length;
    if (reachedMark || !page.more || entries.length >= maxEntries) {
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

/** The mark under a key, or null. */
export function readLogMark(node: Node, key: string, store: string | undefined): Promise<LogMark | null> {
  return new Promise((resolve, reject) => {
    node.context().get(key, store, (error: unknown, value: unknown) => {
      if (error) reject(asError(error));
      else resolve(asMark(value));
    });
  });
}

/** Keeps a mark under a key. */
export function writeLogMark(node: Node, key: string, store: string | undefined, mark: LogMark | null): Promise<void> {
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
