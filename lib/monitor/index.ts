// One poll loop per NAS: the snapshot, the changes between two snapshots, and what is remembered.
export { compareWithMemory, type AssessedTask, type Changes, type PollTime } from './changes';
export { summarizeFleet, type FleetSummary, type FleetTask } from './fleet';
export { emptyMemory, readMemory } from './memory';
export { createMonitor, type MonitorOptions, type PollingMonitor } from './monitor';
export { clockProblem } from './nas-clock';
export { systemScheduler, type Scheduler } from './scheduler';
export * from './types';
export { waitForRun, type RunEnding, type RunProgress, type WaitRequest } from './wait-for-run';
