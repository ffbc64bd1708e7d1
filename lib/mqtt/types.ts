// What a broker connection promises to those who publish and listen through it.
import type { IClientOptions } from 'mqtt';

/** The settings of an MQTT client, as mqtt.js and Node-RED's own `mqtt-broker` node hold them. */
export type BrokerOptions = Readonly<IClientOptions>;

/** A message as the broker delivered it. */
export interface BrokerMessage {
  topic: string;
  payload: string;
  /**
   * True for a message that the broker had kept; with MQTT 5 and `retainAsPublished` also for one that was published
   * as retained just now. MQTT 3.1.1 clears the flag of live messages.
   */
  retain: boolean;
}

/** What became of a message that was to be published. */
export type Delivery =
  /** The broker confirmed it. */
  | 'acknowledged'
  /** The broker already holds exactly this: nothing was sent. */
  | 'unchanged'
  /** There is no connection: nothing was sent, and nothing is queued. */
  | 'not_connected'
  /** The connection broke before the broker confirmed it; it may or may not have arrived. */
  | 'lost'
  /** The broker refused it (MQTT 5 only: 3.1.1 brokers drop it silently). */
  | 'refused';

/** How a message is published. */
export interface PublishOptions {
  /** Default false. */
  retain?: boolean;
  /** Default 1. */
  qos?: 0 | 1;
}

/** How a topic is listened to. */
export interface SubscribeOptions {
  /** Ask an MQTT 5 broker to leave the retain flag of live messages as it was published. Default false. */
  retainAsPublished?: boolean;
  /** Each time that the broker has confirmed or refused it: what it kept on these topics comes right after. */
  onAnswer?: () => void;
}

/** Where and as whom to connect. */
export interface BrokerSettings {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:` address. */
  url: string;
  /** Never changed. Its `will`, `clientId` and `clean` are replaced. */
  options: BrokerOptions;
  /** This connection's own id: two connections with one id throw each other out for ever. */
  clientId: string;
  /** Retained by the broker when this connection breaks. */
  will: { topic: string; payload: string };
  /**
   * Waiting between two tries, milliseconds: doubled from the least to the most, also where connections stand no longer
   * than the most. Default 1 000 and 30 000.
   */
  reconnect?: { leastMs: number; mostMs: number };
  /** A number from 0 to 1, for jitter. Default `Math.random`. */
  random?: () => number;
}

/** One connection to a broker that is made again whenever it breaks. It never throws and never rejects. */
export interface BrokerConnection {
  readonly connected: boolean;
  /** What was last published as retained on this topic over the present connection. */
  published(topic: string): string | undefined;
  /** Forgets what was published (on one topic, or everywhere), so that the same payload is sent again. */
  forget(topic?: string): void;
  publish(topic: string, payload: string, options?: PublishOptions): Promise<Delivery>;
  /** Listens now and after each reconnect. The returned function stops it. */
  subscribe(filter: string, handler: (message: BrokerMessage) => void, options?: SubscribeOptions): () => void;
  /** Each time that the connection stands; subscriptions have been asked for by then. */
  onConnect(listener: () => void): void;
  /** Each time that a standing connection broke. */
  onDisconnect(listener: () => void): void;
  /** Why a try or a wish failed, one plain sentence without user name, password or URL. */
  onError(listener: (text: string) => void): void;
  /** Says goodbye to the broker (which then discards the will) and closes the socket. Resolves within three seconds. */
  end(): Promise<void>;
}
