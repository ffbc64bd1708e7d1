// Which discovery document goes out next, and when: the package's before those of its tasks, and never a burst.
import { DocumentTrack } from './document-track';
import type { DeviceDocument } from './documents';
import { timeLeftMs } from './time-left';

/** Between two documents, so that a hundred tasks do not reach Home Assistant in one burst. */
const paceMs = 50;
/** After the package's document: a task's device would otherwise hang on one that Home Assistant does not know. */
export const parentPaceMs = 1_000;

/** A document that may go out after `waitMs`; Infinity: not before something else has arrived. */
export interface DueDocument {
  track: DocumentTrack;
  text: string;
  waitMs: number;
}

/** Keeps the documents of one NAS. It sends nothing itself. */
export class DocumentQueue {
  readonly #tracks = new Map<string, DocumentTrack>();
  #last = { atMs: -Infinity, paceMs };
  readonly #parentTopic: string | null;

  /** @param parentTopic where the package's document belongs, or null without discovery */
  constructor(parentTopic: string | null) {
    this.#parentTopic = parentTopic;
  }

  /** Topics on which Home Assistant may know a document, the package's last. */
  get knownTopics(): string[] {
    const known = [...this.#tracks.values()].filter(({ isKnown }) => isKnown).map(({ topic }) => topic);
    return known.sort((a, b) => Number(a === this.#parentTopic) - Number(b === this.#parentTopic));
  }

  find(topic: string): DocumentTrack | undefined {
    return this.#tracks.get(topic);
  }

  want(topic: string, document: DeviceDocument): void {
    this.#track(topic).want(document);
  }

  /** Notes what an earlier run announced on a topic. */
  learn(topic: string, components: ReadonlyMap<string, string>, text: string, atMs: number): void {
    this.#track(topic).learn(components, text, atMs);
  }

  /**
   * The next document, or null when all are there.
   * @param published what the broker is known to hold on a topic
   */
  next(nowMs: number, published: (topic: string) => string | undefined): DueDocument | null {
    let next: DueDocument | null = null;
    const pauseMs = timeLeftMs(this.#last.atMs, this.#last.paceMs, nowMs);
    for (const track of this.#tracks.values()) {
      const text = track.nextText();
      if (!track.isWanted || published(track.topic) === text) continue;
      const ownMs = this.#isHeldByParent(track, published) ? Infinity : track.waitMs(text, nowMs);
      const waitMs = Math.max(ownMs, pauseMs);
      if (next === null || waitMs < next.waitMs) next = { track, text, waitMs };
    }
    return next;
  }

  /** Notes that a document goes out. The returned function notes when that ended, and whether it arrived for certain. */
  sending({ track, text }: DueDocument, nowMs: number): (arrived: boolean, nowMs: number) => void {
    const ended = track.sending(text);
    this.#last = { atMs: nowMs, paceMs };
    return (arrived, endedMs) => {
      ended(arrived, endedMs);
      if (track.topic === this.#parentTopic && text !== '') this.#last = { atMs: endedMs, paceMs: parentPaceMs };
    };
  }

  /** Whether a task's document has to wait for the package's. */
  #isHeldByParent(track: DocumentTrack, published: (topic: string) => string | undefined): boolean {
    const parent = this.#parentTopic === null ? undefined : this.#tracks.get(this.#parentTopic);
    if (parent === undefined || parent === track || !parent.isWanted || parent.isClear) return false;
    return parent.isOnItsWay || published(parent.topic) === undefined;
  }

  #track(topic: string): DocumentTrack {
    const track = this.#tracks.get(topic) ?? new DocumentTrack(topic);
    this.#tracks.set(topic, track);
    return track;
  }
}
