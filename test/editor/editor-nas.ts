// The NAS behind the editor tests: the simulator with three tasks, one of them named like an attack on the editor.
import { type Simulator, startSimulator } from '../simulator';
import type { FlowNode } from '../helpers/probe';

/** A task's name that would run a script if anything showed it as HTML. */
export const hostileName = '<img src=x onerror="window.attacked=1"> Tenant B';

/** A config node that points at a simulated NAS, every property given. */
export function connectionTo(nas: Simulator): FlowNode {
  return {
    id: 'nas',
    type: 'active-backup-nas',
    name: 'Office NAS',
    url: nas.url,
    verifyCertificate: true,
    slug: 'office',
    timeZone: 'Europe/Berlin',
    pollSeconds: 60,
    pollRunningSeconds: 10,
    timeoutSeconds: 30,
    allowChanges: true,
    watchSettings: true,
    limits: { graceHours: 8, tasks: { '2': 48, '3': 'ignore' } },
    credentials: { username: nas.username, password: nas.password },
  };
}

/** Starts the NAS. */
export function startEditorNas(): Promise<Simulator> {
  return startSimulator({ tasks: [{ name: 'Tenant A' }, { name: hostileName }, { name: 'Branch office' }] });
}
