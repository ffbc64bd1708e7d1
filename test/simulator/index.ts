// The simulated NAS's public face.

export { startSimulator, type Simulator } from './simulator';
export { type Clock, createRealClock, createVirtualClock } from './clock';
export { type DsmProfile, type SimulatorOptions } from './options';
export { type FaultHandle, type FaultKind, type FaultSpec } from './faults';
export { livelyTasks } from './lively';
export { type PayloadProfile } from './profiles';
export { type DecodedRequest, type RequestRecord } from './record';
export { type LedgerEntry, type Outcome, type RunScript } from './runs';
export { nextScheduledStart, type Schedule } from './schedule';
export { type PackageState, type Switches } from './switches';
export { type Canaries, type PastRun, type Policy, type Task, type TaskSpec } from './task';
export { type TaskHandle } from './task-handle';
