// From the options that a user's broker node holds to those of a connection of our own.
import type { IClientOptions } from 'mqtt';
import type { BrokerSettings } from './types';

/**
 * The options for one try to connect. What belongs to the user's own connection (client id, session, last will) is
 * replaced; addresses, credentials, TLS, proxy and MQTT 5 properties stay. Nothing that was given is changed: mqtt.js
 * writes into the object it gets.
 */
export function clientOptions({ options, clientId, will }: BrokerSettings): IClientOptions {
  const copy: IClientOptions = { ...options };
  if (options.properties) copy.properties = { ...options.properties };
  if (options.wsOptions) copy.wsOptions = { ...options.wsOptions };
  return {
    ...copy,
    clientId,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    // With a kept session the broker would deliver button presses that were made while nobody was here.
    clean: true,
    // Each try is a new client: nothing that one connection left unsent may go out, stale, over the next.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
  };
}
