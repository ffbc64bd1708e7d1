// One discovery topic: what should stand there, what was sent, and what Home Assistant may know of it.
import { announcedComponents, withRemovals, type DeviceDocument } from './documents';

/**
 * Between two different documents on one topic. Home Assistant drops the rest of a document when an earlier one is
 * still being worked on for one of its components.
 */
export const documentGapMs = 2_000;

/** Keeps the order of documents on one topic right. To want null means that the topic is to be cleared. */
export class DocumentTrack {
  private document: DeviceDocument | null = null;
  private wanted = false;
  private text = '';
  private known = new Map<string, string>();
  private lastText: string | null = null;
  private lastSentMs = 0;

  constructor(readonly topic: string) {}

  /** Whether anything was asked for; what an earlier run left is not touched before. */
  get isWanted(): boolean {
    return this.wanted;
  }

  /** Whether Home Assistant may know components of this document. It warns of the removal of what it never saw. */
  get isKnown(): boolean {
    return this.known.size > 0;
  }

  get isClear(): boolean {
    return this.wanted && this.document === null;
  }

  want(document: DeviceDocument | null): void {
    this.wanted = true;
    this.document = document;
    this.text = document === null ? '' : JSON.stringify(document);
  }

  /** Nothing is asked for any more. What was sent when is remembered, for the pace of what may come. */
  rest(): void {
    this.wanted = false;
    this.document = null;
    this.text = '';
  }

  /** What an earlier run announced here. */
  learn(components: ReadonlyMap<string, string>): void {
    this.known = new Map([...components, ...this.known]);
  }

  /** What to publish next: with the removal of components that are gone, where there are some. */
  next(): DeviceDocument | null {
    return this.document === null ? null : withRemovals(this.document, this.known);
  }

  /** The payload of `next`. */
  nextText(): string {
    const { document } = this;
    if (document === null) return '';
    const isComplete = [...this.known].every(([id, platform]) => document.components[id]?.platform === platform);
    return isComplete ? this.text : JSON.stringify(this.next());
  }

  /** From when `text` may be sent. */
  dueMs(text: string): number {
    return this.lastText === null || this.lastText === text ? 0 : this.lastSentMs + documentGapMs;
  }

  /** Notes that `text` goes out. The returned function notes that it arrived. */
  sending(text: string, nowMs: number): () => void {
    const document = this.next();
    const announced = document === null ? new Map<string, string>() : announcedComponents(document);
    this.lastText = text;
    this.lastSentMs = nowMs;
    // Until it is confirmed, both what was and what comes may be known over there.
    this.known = new Map([...announced, ...this.known]);
    return () => {
      this.known = announced;
    };
  }
}
