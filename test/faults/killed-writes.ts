// Kill −9 while writes wait for their answers, in a real Node-RED: nothing is written again by itself.
import assert from 'node:assert/strict';
import type { NodeRedProcess } from '../helpers/node-red-process';
import { type FlowNode, probed } from '../helpers/probe';
import { bare, nasNode } from '../runtime/nas-flow';
import { startSimulator, type Simulator } from '../simulator';
import type { NodeRedFault } from './fault';
import { loginsOf } from './house';

/** A NAS for each method that writes; one NAS gets one request at a time. */
export async function killDuringWrites(nodeRed: NodeRedProcess, fault: NodeRedFault): Promise<void> {
  const writes: Record<string, { node: string; payload: object }> = {
    backup_task: { node: 'run-backup', payload: { taskId: 1, wait: true } },
    cancel_task: { node: 'cancel-backup', payload: { taskId: 2 } },
    delete_task: { node: 'delete-task', payload: { taskId: 1, confirm: 'One' } },
    relink_task: {
      node: 'relink-task',
      payload: { taskName: 'Old', localShared: 'backup', localPath: '/old', adminEmail: 'a@example.com' },
    },
    set_task_setting: { node: 'set-retention', payload: { taskId: 1, daysToKeep: 90 } },
    update_worker_count: { node: 'workers', payload: { backupWorkers: 7 } },
  };
  const boxes = new Map<string, Simulator>();
  const nodes: FlowNode[] = [];
  for (const [method, { node }] of Object.entries(writes)) {
    const box = await startSimulator({ tasks: [{ name: 'One', daysToKeep: 30 }, { name: 'Two' }] });
    box.task(2).script({ outcome: 'hung' });
    box.task(2).start();
    box.faults.add({ method, kind: 'hang', when: 'after' });
    boxes.set(method, box);
    nodes.push(
      { ...nasNode(box, { allowChanges: true, pollSeconds: 5, slug: method }), id: `nas-${method}` },
      ...probed({ ...bare(node), nas: `nas-${method}` }),
      ...probed({ ...bare('watch'), id: `watch-${method}`, nas: `nas-${method}` }),
    );
  }
  try {
    await nodeRed.deploy(nodes);
    for (const { node, payload } of Object.values(writes)) {
      void nodeRed.call(node, { payload }).catch(() => undefined);
    }
    const underWay = (): string[] =>
      [...boxes].filter(([method, box]) => box.count(method) === 0).map(([name]) => name);
    for (let turn = 0; turn < 500 && underWay().length > 0; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(underWay(), []);
    await nodeRed.kill9();
    for (const box of boxes.values()) {
      box.faults.clear();
      box.clearRequests();
    }
    const from = nodeRed.records.length;
    await nodeRed.start();
    for (const [method, box] of boxes) {
      await nodeRed.waitForRecord(({ about, kind, msg }) => {
        const text = (msg.status as { text?: string } | undefined)?.text ?? '';
        return about === `watch-${method}` && kind === 'status' && /task|running/.test(text);
      }, from);
      assert.ok(box.count('list_tasks') > 0, `${method}: the state was read`);
      const written = Object.keys(writes).filter((name) => box.count(name) > 0);
      assert.deepEqual(written, [], method);
      assert.equal(loginsOf(box), fault.logins);
      assert.ok(box.requests.length <= fault.requests, `${method}: ${box.requests.length} requests`);
    }
    assert.equal(boxes.get('backup_task')?.task(1).running, true);
    assert.equal(boxes.get('set_task_setting')?.task(1).setting.preserve_day_number, 90);
  } finally {
    for (const box of boxes.values()) await box.close();
  }
}
