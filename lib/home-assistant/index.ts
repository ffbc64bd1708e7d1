// Home Assistant over MQTT: a snapshot becomes documents, states and events, and command topics become actions.
export { clientIdFor } from './client-id';
export type { Commands } from './command-desk';
export type { CommandOutcome } from './events';
export { createPublisher } from './publisher';
export type { Publisher, PublisherOptions, PublisherSettings, PublisherStatus } from './publisher-types';
export { slugify } from './slug';
