// Writing with the nodes in a real Node-RED: nothing twice, nothing lost between two flows, and the truth after a lost answer.
import assert from 'node:assert/strict';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type FaultKind, type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

type Answer = Record<string, unknown>;

const nodes = ['workers', 'set-schedule', 'set-retention', 'run-backup', 'cancel-backup', 'delete-task', 'relink-task'];

/** How an answer is lost after the NAS has carried out what was asked. */
const losses: FaultKind[] = [
  { kind: 'reset', when: 'after' },
  { kind: 'html', status: 502, when: 'after' },
  { kind: 'empty', when: 'after' },
  { kind: 'hang', when: 'after' },
];

describe('writing in a real Node-RED', function () {
  this.timeout(60_000);
  let nodeRed: NodeRedProcess;
  let nas: Simulator;
  let task: number;

  before(async () => {
    nas = await startSimulator({ tasks: 0 });
    nodeRed = await startNodeRed();
    await nodeRed.deploy([
      nasNode(nas, { allowChanges: true, timeoutSeconds: 1, pollSeconds: 5, pollRunningSeconds: 1 }),
      ...nodes.flatMap((name) => probed(bare(name))),
      ...probed({ ...bare('set-schedule'), id: 'other-flow' }),
    ]);
  });
  after(async () => {
    await nodeRed.stop();
    await nas.close();
  });
  beforeEach(() => {
    nas.faults.clear();
    task = nas.addTask({ policy: 'manual', daysToKeep: 30 }).id;
    nas.clearRequests();
  });
  const ask = async (node: string, payload: Answer): Promise<Answer> => {
    const { outputs, error } = await nodeRed.call(node, { payload });
    assert.equal(error, null, error?.message);
    return outputs[0]!.msg.payload as Answer;
  };

  it('two flows that change one task at once both succeed, and neither loses the change of the other', async () => {
    const answers = await Promise.all([
      ask('set-schedule', { taskId: task, policy: 'scheduled', startHour: 3 }),
      ask('set-retention', { taskId: task, daysToKeep: 60 }),
      ask('other-flow', { taskId: task, lastRunHour: 22 }),
    ]);
    assert.deepEqual(
      answers.map(({ changed }) => changed),
      [true, true, true],
    );
    const { setting } = nas.task(task);
    assert.deepEqual(
      [setting.enable_schedule, setting.schedule.hour, setting.schedule.last_work_hour, setting.preserve_day_number],
      [true, 3, 22, 60],
    );
    const asked = nas.requests.map(({ method }) => method ?? '').filter((method) => method.endsWith('_task_setting'));
    const one = ['get_task_setting', 'set_task_setting', 'get_task_setting'];
    assert.deepEqual(asked, [...one, ...one, ...one]);
  });

  it('eight changes of one task at once are eight writes one after the other', async () => {
    const hours = Array.from({ length: 8 }, (_, index) => index + 1);
    const answers = await Promise.all(
      hours.map((hour, index) =>
        index % 2 === 0
          ? ask('set-schedule', { taskId: task, startHour: hour })
          : ask('other-flow', { taskId: task, startMinute: index }),
      ),
    );
    for (const [index, { before }] of answers.entries()) {
      if (index > 0) assert.deepEqual(before, answers[index - 1]!.after, `change ${index}`);
    }
  });

  it('what is so already is not sent', async () => {
    assert.equal((await ask('set-retention', { taskId: task, daysToKeep: 30 })).changed, false);
    assert.equal((await ask('set-schedule', { taskId: task, policy: 'manual' })).changed, false);
    assert.equal(nas.count('set_task_setting'), 0);
  });

  for (const loss of losses) {
    describe(`after an answer that a ${loss.kind} swallowed`, () => {
      /** Loses the answers to a method; how often it was sent counts. */
      const lose = (method: string): void => {
        nas.faults.add({ ...loss, method });
      };

      it('a change is read back and never sent again', async () => {
        lose('set_task_setting');
        assert.equal((await ask('set-retention', { taskId: task, daysToKeep: 90 })).changed, true);
        assert.equal((await ask('set-schedule', { taskId: task, policy: 'continuous' })).changed, true);
        assert.equal(nas.count('set_task_setting'), 2);
        assert.deepEqual([nas.task(task).setting.preserve_day_number, nas.task(task).setting.backup_policy], [90, 0]);
      });

      it('workers are read back and never sent again', async () => {
        lose('update_worker_count');
        const wanted = 11 + losses.indexOf(loss);
        assert.equal((await ask('workers', { backupWorkers: wanted })).backupWorkers, wanted);
        assert.equal(nas.count('update_worker_count'), 1);
      });

      it('a run is seen, and its cancel is never sent again', async () => {
        nas.task(task).script({ durationSeconds: 600 });
        lose('backup_task');
        assert.equal((await ask('run-backup', { taskId: task })).started, true);
        assert.equal(nas.count('backup_task'), 1);
        lose('cancel_task');
        const { error, outputs } = await nodeRed.call('cancel-backup', { payload: { taskId: task } });
        if (error === null) assert.equal((outputs[0]!.msg.payload as Answer).canceled, true);
        else assert.equal(error.cause?.code, 'OUTCOME_UNKNOWN');
        assert.equal(nas.count('cancel_task'), 1);
      });

      it('a deletion and a relink are seen in the list', async () => {
        lose('delete_task');
        const { name } = nas.task(task);
        assert.equal((await ask('delete-task', { taskId: task, confirm: name })).deleted, true);
        assert.equal(nas.count('delete_task'), 1);
        lose('relink_task');
        const link = {
          taskName: `Again after ${loss.kind}`,
          localShared: 'ActiveBackup',
          localPath: `/ActiveBackupForMicrosoft365/task_${task}`,
          adminEmail: 'admin@example.com',
        };
        const linked = await ask('relink-task', link);
        assert.equal(nas.task(Number(linked.taskId)).name, link.taskName);
        assert.equal(nas.count('relink_task'), 1);
      });
    });
  }

  for (const [node, payload, method] of [
    ['set-retention', { daysToKeep: 90 }, 'set_task_setting'],
    ['set-schedule', { startHour: 5 }, 'set_task_setting'],
    ['workers', { backupWorkers: 17 }, 'update_worker_count'],
    ['run-backup', {}, 'backup_task'],
  ] as const) {
    it(`${node} says what is known when the request itself was lost, and does not send it again`, async () => {
      nas.faults.add({ kind: 'reset', method });
      const target = node === 'workers' ? {} : { taskId: task };
      const { error } = await nodeRed.call(node, { payload: { ...target, ...payload } });
      const code = node === 'run-backup' ? 'OUTCOME_UNKNOWN' : 'NOT_APPLIED';
      assert.deepEqual(error?.cause, { code, outcome: 'unknown' }, error?.message);
      assert.equal(nas.count(method), 1);
    });
  }

  it('NOT_APPLIED says what the NAS kept', async () => {
    nas.faults.add({
      kind: 'accept-other',
      method: 'set_task_setting',
      instead: { task_info: { preserve_day_number: 45 } },
    });
    const { error } = await nodeRed.call('set-retention', { payload: { taskId: task, daysToKeep: 90 } });
    assert.deepEqual(error?.cause, { code: 'NOT_APPLIED', outcome: 'refused' });
    assert.match(error.message, /is 45, asked was 90/);
    nas.faults.clear();
    nas.faults.add({ kind: 'accept-nothing', method: 'set_task_setting' });
    const again = await nodeRed.call('set-schedule', { payload: { taskId: task, startHour: 7 } });
    assert.equal(codeOf(again), 'NOT_APPLIED');
    assert.match(again.error?.message ?? '', /startHour is 0, asked was 7/);
  });

  it('OUTCOME_UNKNOWN where the answer is lost and the NAS cannot be asked', async () => {
    nas.faults.add({ kind: 'reset', method: 'set_task_setting', when: 'after' });
    nas.faults.add({ kind: 'html', status: 502, method: 'get_task_setting', skip: 1 });
    const { error } = await nodeRed.call('set-retention', { payload: { taskId: task, daysToKeep: 90 } });
    assert.equal(error?.cause?.code, 'OUTCOME_UNKNOWN');
    assert.deepEqual([error.cause.outcome, nas.count('set_task_setting')], ['unknown', 1]);
  });
});
