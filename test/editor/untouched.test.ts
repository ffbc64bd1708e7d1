// What Done leaves alone: opening a dialog changes nothing that the user did not touch, whatever a flow by hand holds.
import assert from 'node:assert/strict';
import type { FlowNode } from '../helpers/probe';
import { bareFlow } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { type EditorPage } from './editor-page';
import { versions } from './editor-versions';

for (const version of versions) {
  describe(`What is not touched in the dialogs of Node-RED ${version}`, function () {
    this.timeout(120_000);
    let bench: EditorBench;
    let editor: EditorPage;

    before(async () => {
      bench = await startEditorBench(version);
    });

    after(() => bench.stop());

    afterEach(async () => {
      await editor.page.close();
      assert.deepEqual(editor.complaints, []);
    });

    async function openEditor(flow: FlowNode[]): Promise<void> {
      editor = await bench.open(flow);
    }

    it('what no field can show as it is stays as it was stored, where nothing is touched', async () => {
      const byHand: Record<string, Record<string, unknown>> = {
        'get-tasks': { allNas: true, allNasType: 'bool', summary: true },
        'get-log': { taskId: 2, limit: 5, fetchAll: '${SWITCH}', fetchAllType: 'bool' },
        'get-settings': { taskId: '${TASK}', taskIdType: 'num', includeAccount: 'false', includeAccountType: 'bool' },
        'get-history': { taskId: '2', taskIdType: 'json', limit: 20 },
        workers: { backupWorkers: '${COUNT}', backupWorkersType: 'num' },
        'set-schedule': {
          taskId: 'Branch office',
          runDays: [1, 5],
          startHour: 8,
          startMinute: 30,
          policy: 'scheduled',
        },
        'set-retention': { taskId: 1, daysToKeep: 0 },
        'run-backup': { taskId: '5', taskIdType: 'payload', wait: true, timeoutSeconds: '60', ifRunning: 'join' },
        'cancel-backup': { taskId: '1', taskIdType: 'num', resultProperty: 'x.y', output: 'raw' },
        watch: { allNas: '${SWITCH}', tasks: '${TASK}', events: 'failed,success', sendCurrentState: '${SWITCH}' },
        'home-assistant': { control: '${SWITCH}', removeOnDelete: 'false', discovery: 'true' },
      };
      const flow = bareFlow(bench.node).map((node) => ({ ...node, ...byHand[node.id] }));
      await openEditor(flow);
      for (const [name, properties] of Object.entries(byHand)) {
        await editor.openNode(name);
        await editor.page.waitForLoadState('networkidle');
        await editor.done();
        assert.deepEqual(await editor.nodeProperties(name, Object.keys(properties)), properties, name);
        assert.equal(await editor.isDirty(), false, name);
      }
    });

    for (const tasks of ['Branch office,1', ['Branch office'], ['2'], [2, 99]]) {
      it(`a watch of ${JSON.stringify(tasks)} stays one, also of all NASes`, async () => {
        for (const allNas of [false, true]) {
          await openEditor(
            bareFlow(bench.node).map((node) => (node.id === 'watch' ? { ...node, tasks, allNas } : node)),
          );
          await editor.openNode('watch');
          await editor.page.waitForLoadState('networkidle');
          await editor.done();
          assert.equal(await editor.isDirty(), false);
          assert.deepEqual(await editor.nodeProperties('watch', ['tasks', 'allNas']), { tasks, allNas });
          await editor.page.close();
        }
      });
    }

    it('a tick shows what counts, and a click on it replaces what was stored, and nothing else', async () => {
      const stored = { control: '${SWITCH}', discovery: 'false', removeOnDelete: 'true' };
      await openEditor(
        bareFlow(bench.node).map((node) => (node.id === 'home-assistant' ? { ...node, ...stored } : node)),
      );
      await editor.openNode('home-assistant');
      const ticked = (name: string): Promise<boolean> => editor.page.locator(`#node-input-${name}`).isChecked();
      assert.deepEqual(await Promise.all(Object.keys(stored).map(ticked)), [false, false, true]);
      await editor.page.locator('#node-input-control').click();
      await editor.page.locator('#node-input-removeOnDelete').click();
      await editor.page.locator('#node-input-removeOnDelete').click();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('home-assistant', Object.keys(stored)), {
        control: true,
        discovery: 'false',
        removeOnDelete: true,
      });
    });

    it('ticks that are added to names keep the names', async () => {
      await openEditor(
        bareFlow(bench.node).map((node) =>
          node.id === 'watch' ? { ...node, tasks: ['Branch office', '${TASK}'] } : node,
        ),
      );
      await editor.openNode('watch');
      await editor.page.getByLabel('Tenant A').check();
      await editor.done();
      const { tasks } = await editor.nodeProperties('watch', ['tasks']);
      assert.deepEqual(new Set(tasks as unknown[]), new Set([1, 'Branch office', '${TASK}']));
    });

    it('the connection: what no field can show as it is stays as it was stored, where nothing is touched', async () => {
      const variants: Record<string, unknown>[] = [
        { limits: '${LIMITS}', verifyCertificate: '${SWITCH}', allowChanges: '${SWITCH}', pollSeconds: '${SECONDS}' },
        { limits: '{"graceHours": 4}', verifyCertificate: 'false', allowChanges: 'true', watchSettings: 'false' },
        { limits: { graceHours: '${HOURS}', partialIsProblem: 'false', tasks: { 1: '${HOURS}', 2: 'ignore' } } },
        { limits: undefined, verifyCertificate: undefined, slug: undefined },
      ];
      for (const [index, variant] of variants.entries()) {
        await openEditor(bareFlow({ ...bench.node, ...variant }));
        await editor.openConfig('active-backup-nas', bench.node.id);
        await editor.done();
        assert.equal(await editor.isDirty(), false, `variant ${index}`);
        const { pollSeconds, ...others } = variant;
        assert.deepEqual(await editor.nodeProperties(bench.node.id, Object.keys(others)), others, String(pollSeconds));
        if (index < variants.length - 1) await editor.page.close();
      }
    });

    it("the connection: a task's limit is stored when it was changed", async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.openSections();
      const rows = editor.page.locator('.active-backup-limit');
      await rows.nth(0).getByRole('textbox').nth(1).fill('72');
      await rows.nth(1).getByRole('textbox').nth(0).fill('7');
      await editor.done();
      assert.deepEqual(await editor.nodeProperties(bench.node.id, ['limits']), {
        limits: { graceHours: 8, tasks: { '2': 72, '7': 'ignore' } },
      });
    });
  });
}
