// The table of faults: everything that is known to go wrong, and what is promised of it.
import type { LibFault, NodeRedFault } from './fault';
import { inputFaults } from './rows-input';
import { nasFaults } from './rows-nas';
import { networkFaults } from './rows-network';
import { nodeRedFaults } from './rows-node-red';
import { sessionFaults } from './rows-session';

export const faults: readonly (LibFault | NodeRedFault)[] = [
  ...nasFaults,
  ...networkFaults,
  ...sessionFaults,
  ...inputFaults,
  ...nodeRedFaults,
];
