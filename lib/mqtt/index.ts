// The broker connection. It knows MQTT and nothing of backups or Home Assistant.
export { connectBroker } from './connection';
export { topicMatches } from './topic-filter';
export type {
  BrokerConnection,
  BrokerMessage,
  BrokerOptions,
  BrokerSettings,
  Delivery,
  PublishOptions,
  SubscribeOptions,
} from './types';
