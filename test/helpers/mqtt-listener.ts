// A subscriber that keeps everything a broker hands it, for tests that look at what was published.
import { connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { problemsOf } from '../home-assistant/lint-everything';

/** One message as it came. */
export interface HeardMessage {
  topic: string;
  text: string;
  retained: boolean;
}

/** A connected subscriber to everything. */
export class MqttListener {
  readonly heard: HeardMessage[] = [];
  #client: MqttClient;
  #waiting = new Set<() => void>();

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, packet: IPublishPacket) => {
      this.heard.push({ topic, text: payload.toString('utf8'), retained: packet.retain });
      for (const look of [...this.#waiting]) look();
    });
  }

  /** Connects and subscribes to every topic. */
  static async connect(url: string): Promise<MqttListener> {
    const client = await connectAsync(url);
    const listener = new MqttListener(client);
    await client.subscribeAsync('#');
    return listener;
  }

  /** The last text on a topic, or undefined. */
  last(topic: string): string | undefined {
    return this.heard.findLast((message) => message.topic === topic)?.text;
  }

  /** The last JSON on a topic. */
  lastJson(topic: string): unknown {
    const text = this.last(topic);
    if (text === undefined) throw new Error(`Nothing was heard on ${topic}.`);
    return JSON.parse(text);
  }

  /** Publishes a message. */
  async publish(topic: string, text: string, retain = false): Promise<void> {
    await this.#client.publishAsync(topic, text, { retain });
  }

  /**
   * Waits until what was heard fulfils the condition.
   * @throws Error that lists the topics heard, when it does not in time.
   */
  until(condition: (listener: MqttListener) => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        const topics = [...new Set(this.heard.map((message) => message.topic))].sort();
        reject(new Error(`${what}: not heard within ${timeoutMs} ms. Topics: ${topics.join(', ')}`));
      }, timeoutMs);
      this.#waiting.add(look);
      look();
    });
  }

  /**
   * Disconnects.
   * @throws Error that lists what a Home Assistant would have refused of what was heard
   */
  async close(): Promise<void> {
    await this.#client.endAsync(true);
    const problems = problemsOf(this.heard.map(({ topic, text }) => ({ topic, payload: text })));
    if (problems.length > 0) throw new Error(`Home Assistant would not take it:\n${problems.join('\n')}`);
  }
}
