// The NAS behind the editor tests: the simulator with three tasks, one of them named like an attack on the editor.
import { startSimulator } from '../simulator';
import type { FlowNode } from '../helpers/probe';

/** A task's name that would run a script if anything showed it as HTML. */
export const hostileName = '<img src=x onerror="window.attacked=1"> Tenant B';

/** The NAS and the config node that points at it. */
export interface EditorNas {
  node: FlowNode;
  nas: Awaited<ReturnType<typeof startSimulator>>;
  stop(): Promise<void>;
}

/** Starts the NAS. */
export async function startEditorNas(): Promise<EditorNas> {
  const nas = await startSimulator({ tasks: [{ name: 'Tenant A' }, { name: hostileName }, { name: 'Branch office' }] });
  return {
    nas,
    node: {
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
      limits: { graceHours: 8, tasks: { '2': 48, '3': 'ignore' } },
      credentials: { username: nas.username, password: nas.password },
    },
    stop: () => nas.close(),
  };
}
