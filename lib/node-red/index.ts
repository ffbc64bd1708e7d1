// What the nodes share.
export { identifyTask, registerAction, type Action, type ActionAnswer, type ActionCall } from './action-node';
export { registerAdminRoutes } from './admin';
export { asObject } from './config-values';
export { newEntriesSince, readNewEntries, type LogMark, type LogMarkPlace } from './log-mark';
export { NasConnection, type NasCredentials } from './nas-connection';
export { connectionOf, deployedNas, deployedNases, nasNodeType, setUpNasNode, type NasNode } from './nas-node';
export { readNasSettings, type NasNodeDefinition, type NasSettings } from './nas-settings';
export { packageVersion } from './package-version';
export { type Definition, type Message } from './parameters';
export { setUpPublisherNode } from './publisher-node';
export { countText, errorStatus, healthStatus } from './status';
export { setUpWatchNode } from './watch-node';
