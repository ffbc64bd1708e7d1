// Faults that only a real Node-RED can have: of the broker, of its own life cycle, and of what a flow file may hold.
import type { NodeRedFault } from './fault';

export const nodeRedFaults: NodeRedFault[] = [];
