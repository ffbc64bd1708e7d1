// One discovery topic: what should stand there, what was sent, and what Home Assistant may know of it.
import { announcedComponents, withRemovals, type DeviceDocument } from './documents';
import { timeLeftMs } from './time-left';

/**
 * Between two different documents on one topic. Home Assistant drops the rest of a document when an earlier one is
 * still being worked on for one of its components: it wants 2 s, and what a broker confirms now it may deliver a little
 * later.
 */
export const documentGapMs = 2_200;

/** Keeps the order of documents on one topic right. To want null means that the topic is to be cleared. */
export class DocumentTrack {
  #document: DeviceDocument | null = null;
  #wanted = false;
  #text = '';
  #known = new Map<string, string>();
  #lastText: string | null = null;
  #lastMs = -Infinity;
  #onItsWay = false;

  constructor(readonly topic: string) {}

  /** Whether anything was asked for; what an earlier run left is not touched before. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Whether Home Assistant may know components of this document. It warns of the removal of what it never saw. */
  get isKnown(): boolean {
    return this.#known.size > 0;
  }

  get isClear(): boolean {
    return this.#wanted && this.#document === null;
  }

  /** Whether a document was sent and neither confirmed nor lost. */
  get isOnItsWay(): boolean {
    return this.#onItsWay;
  }

  want(document: DeviceDocument | null): void {
    this.#wanted = true;
    this.#document = document;
    this.#text = document === null ? '' : JSON.stringify(document);
  }

  /** Nothing is asked for any more. What was sent when is remembered, for the pace of what may come. */
  rest(): void {
    this.#wanted = false;
    this.#document = null;
    this.#text = '';
  }

  /**
   * What an earlier run announced here.
   * @param atMs when it was published at the latest
   */
  learn(components: ReadonlyMap<string, string>, text: string, atMs: number): void {
    this.#known = new Map([...components, ...this.#known]);
    if (this.#lastText !== null) return;
    this.#lastText = text;
    this.#lastMs = atMs;
  }

  /** What to publish next: with the removal of components that are gone, where there are some. */
  next(): DeviceDocument | null {
    return this.#document === null ? null : withRemovals(this.#document, this.#known);
  }

  /** The payload of `next`. */
  nextText(): string {
    const document = this.#document;
    if (document === null) return '';
    const isComplete = [...this.#known].every(([id, platform]) => document.components[id]?.platform === platform);
    return isComplete ? this.#text : JSON.stringify(this.next());
  }

  /** How long `text` has to wait: Infinity while it is not known when the one before arrived. */
  waitMs(text: string, nowMs: number): number {
    if (this.#onItsWay) return Infinity;
    return this.#lastText === text ? 0 : timeLeftMs(this.#lastMs, documentGapMs, nowMs);
  }

  /** Notes that `text` goes out. The returned function notes when that ended, and whether it arrived for certain. */
  sending(text: string): (arrived: boolean, nowMs: number) => void {
    const document = this.next();
    const announced = document === null ? new Map<string, string>() : announcedComponents(document);
    this.#lastText = text;
    this.#onItsWay = true;
    // Until it is confirmed, both what was and what comes may be known over there.
    this.#known = new Map([...announced, ...this.#known]);
    return (arrived, nowMs) => {
      this.#onItsWay = false;
      this.#lastMs = nowMs;
      if (arrived) this.#known = announced;
    };
  }
}
