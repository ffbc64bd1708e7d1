// The dialogs in the real editor, as a user meets them, over the packed package and a simulated NAS.
import assert from 'node:assert/strict';
import type { FlowNode } from '../helpers/probe';
import { bareFlow, filled, filledFlow, nodeNames } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { hostileName } from './editor-nas';
import { type EditorPage } from './editor-page';
import { versions } from './editor-versions';

/** Properties of a node that a dialog stores, without those that Node-RED adds. */
function stored(node: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(node).filter(([name]) => !['x', 'y', 'z', 'wires'].includes(name)));
}

for (const version of versions) {
  describe(`The dialogs in Node-RED ${version}`, function () {
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

    async function openEditor(flow: FlowNode[]): Promise<EditorPage> {
      editor = await bench.open(flow);
      return editor;
    }

    async function deployedNode(id: string): Promise<Record<string, unknown>> {
      const node = (await bench.nodeRed.admin.flows()).find((one) => one.id === id);
      assert.ok(node !== undefined);
      return node;
    }

    for (const name of nodeNames) {
      it(`${name}: opened and saved unchanged, also once it was changed and deployed`, async () => {
        await openEditor(filledFlow(bench.node));
        await editor.openNode(name);
        await editor.page.waitForLoadState('networkidle');
        await editor.done();
        assert.equal(await editor.isDirty(), false);
        await editor.openNode(name);
        await editor.page.fill('#node-input-name', 'Renamed');
        await editor.done();
        await editor.deploy();
        const first = stored(await deployedNode(name));
        for (const [property, value] of Object.entries({ ...filled[name], name: 'Renamed' }))
          assert.deepEqual(first[property], value, property);
        await editor.openNode(name);
        await editor.page.waitForLoadState('networkidle');
        await editor.done();
        assert.equal(await editor.isDirty(), false);
      });

      it(`${name}: a node with nothing but its NAS opens, and nothing is flagged`, async () => {
        await openEditor(bareFlow(bench.node));
        await editor.openNode(name);
        assert.deepEqual(await editor.markedFields(), []);
        assert.deepEqual(await editor.overflowing(), []);
        await editor.done();
        assert.deepEqual(await editor.validity(name), { valid: true, errors: [] });
      });
    }

    it('the connection: opened and saved unchanged, also once it was changed and deployed', async () => {
      await openEditor(filledFlow(bench.node));
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.done();
      assert.equal(await editor.isDirty(), false);
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.page.fill('#node-config-input-name', 'Renamed');
      await editor.done();
      await editor.deploy();
      const deployed = await deployedNode(bench.node.id);
      for (const [property, value] of Object.entries({ ...bench.node, name: 'Renamed' })) {
        if (property !== 'credentials') assert.deepEqual(deployed[property], value, property);
      }
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.done();
      assert.equal(await editor.isDirty(), false);
    });

    it('a new connection gets a short id from its name, and keeps it through a rename', async () => {
      await openEditor(bareFlow({ ...bench.node, slug: '', name: 'Büro Nord' }));
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.done();
      assert.deepEqual(await editor.nodeProperties(bench.node.id, ['slug']), { slug: 'buro_nord' });
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.page.fill('#node-config-input-name', 'Elsewhere');
      await editor.done();
      assert.deepEqual(await editor.nodeProperties(bench.node.id, ['slug', 'name']), {
        slug: 'buro_nord',
        name: 'Elsewhere',
      });
    });

    it('the picker lists the tasks, finds by name, and stores the id', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('run-backup');
      const list = await editor.openTaskPanel();
      assert.equal(await list.locator('[role=option]').count(), 3);
      await editor.page.keyboard.type('branch');
      assert.equal(await list.locator('[role=option]').count(), 1);
      await editor.page.keyboard.press('Enter');
      await editor.chooseOption('wait', 'true');
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('run-backup', ['taskId', 'taskIdType', 'wait', 'waitType']), {
        taskId: '3',
        taskIdType: 'num',
        wait: 'true',
        waitType: 'bool',
      });
      assert.equal(await editor.labelOf('run-backup'), 'Run backup: Branch office, wait');
    });

    it('the picker closes with Escape and gives the focus back', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('run-backup');
      await editor.openTaskPanel();
      await editor.page.keyboard.press('Escape');
      await editor.page.locator('.active-backup-panel').waitFor({ state: 'detached' });
      assert.equal(await editor.page.evaluate('document.activeElement.id'), 'active-backup-choose-task');
      await editor.done();
    });

    it("a task's name with HTML in it is text everywhere", async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('run-backup');
      const list = await editor.openTaskPanel();
      await list.getByText(hostileName).click();
      await editor.page.locator('.active-backup-value', { hasText: hostileName }).waitFor();
      await editor.done();
      await editor.openNode('watch');
      await editor.page.locator('#active-backup-watch-tasks label', { hasText: hostileName }).waitFor();
      await editor.done();
      assert.equal(await editor.page.evaluate('window.attacked'), undefined);
      assert.equal(await editor.labelOf('run-backup'), `Run backup: ${hostileName}`);
    });

    it('a task that is gone stays chosen, and is said to be gone', async () => {
      await openEditor(
        bareFlow(bench.node).map((node) =>
          node.id === 'cancel-backup' ? { ...node, taskId: '99', taskIdType: 'num' } : node,
        ),
      );
      await editor.openNode('cancel-backup');
      await editor.page.getByText('Task 99 is no longer on this NAS.').waitFor();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('cancel-backup', ['taskId', 'taskIdType']), {
        taskId: '99',
        taskIdType: 'num',
      });
    });

    it('says that the NAS cannot be reached, and keeps the id', async () => {
      const unreachable = { ...bench.node, url: 'http://127.0.0.1:9' };
      await openEditor(
        bareFlow(unreachable).map((node) =>
          node.id === 'cancel-backup' ? { ...node, taskId: '1', taskIdType: 'num' } : node,
        ),
      );
      await editor.openNode('cancel-backup');
      await editor.page.getByText(/The tasks could not be read\. \S+/).waitFor();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('cancel-backup', ['taskId']), { taskId: '1' });
    });

    it('wrong input is marked while it is typed, and the node is flagged', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('get-history');
      await editor.fill('limit', 'num', '5001');
      assert.equal(await editor.isMarked('limit'), true);
      await editor.fill('limit', 'num', '${RUNS}');
      assert.equal(await editor.isMarked('limit'), false);
      await editor.fill('limit', 'num', '0');
      assert.equal(await editor.isMarked('limit'), true);
      await editor.done();
      const { valid, errors } = await editor.validity('get-history');
      assert.equal(valid, false);
      assert.match(errors.join(), /limit/);
    });

    it('a schedule is set with a time, days and a choice, and read back as a sentence', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('set-schedule');
      await editor.chooseType('policy', 'str');
      await editor.chooseOption('policy', 'scheduled');
      await editor.chooseTypeOf('#active-backup-start-time', 'time');
      await editor.page
        .locator('#active-backup-start-time + .red-ui-typedInput-container input[type=time]')
        .fill('20:45');
      await editor.chooseOption('repeatEveryHours', '0', 'num');
      await editor.chooseType('runDays', 'str');
      await editor.page.getByRole('button', { name: 'Sunday' }).click();
      await editor.page.getByRole('button', { name: 'Saturday' }).click();
      await editor.page.getByText(/^Runs on Mon, Tue, Wed, Thu, and Fri at 20:45, .* Next run: /).waitFor();
      await editor.done();
      const names = [
        'policy',
        'startHour',
        'startMinute',
        'repeatEveryHours',
        'runDays',
        'startHourType',
        'runDaysType',
      ];
      assert.deepEqual(await editor.nodeProperties('set-schedule', names), {
        policy: 'scheduled',
        startHour: '20',
        startMinute: '45',
        repeatEveryHours: '0',
        runDays: '1,2,3,4,5',
        startHourType: 'num',
        runDaysType: 'str',
      });
    });

    it('the most entries of a log can be set for all pages, and for only new ones', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('get-log');
      const most = editor.page.locator('#node-input-maxEntries + .red-ui-typedInput-container');
      await editor.chooseOption('onlyNew', 'true');
      await editor.chooseOption('fetchAll', 'false');
      assert.equal(await most.isVisible(), true);
      await editor.chooseOption('onlyNew', 'false');
      assert.equal(await most.isVisible(), false);
      await editor.cancel();
    });

    it('"all versions" is stored as 0, and days as their number', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('set-retention');
      await editor.chooseType('daysToKeep', 'all');
      await editor.done();
      const names = ['daysToKeep', 'daysToKeepType'];
      assert.deepEqual(await editor.nodeProperties('set-retention', names), { daysToKeep: '0', daysToKeepType: 'num' });
      await editor.openNode('set-retention');
      await editor.fill('daysToKeep', 'num', '30');
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('set-retention', names), {
        daysToKeep: '30',
        daysToKeepType: 'num',
      });
    });

    it('watches what is ticked', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('watch');
      await editor.page.getByLabel('Branch office').check();
      await editor.page.getByLabel('Failed', { exact: true }).check();
      await editor.page.getByLabel('NAS lost').check();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('watch', ['tasks', 'events']), {
        tasks: [3],
        events: ['failed', 'nas_lost'],
      });
      await editor.openNode('watch');
      await editor.page.getByLabel('Watch all NAS').check();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('watch', ['tasks', 'allNas']), { tasks: [], allNas: true });
    });

    it('Done can be undone', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('get-history');
      await editor.fill('limit', 'num', '50');
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('get-history', ['limit']), { limit: '50' });
      await editor.undo();
      assert.notEqual((await editor.nodeProperties('get-history', ['limit'])).limit, '50');
    });

    it('tests the connection, and sends the password only when it was typed', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openConfig('active-backup-nas', bench.node.id);
      const unchanged = await editor.pressAndRead('#active-backup-test', 'active-backup/test');
      assert.equal('password' in unchanged, false);
      await editor.page.locator('#active-backup-test-result', { hasText: 'Backup tasks: 3.' }).waitFor();
      await editor.page.fill('#node-config-input-password', 'not the password');
      const typed = await editor.pressAndRead('#active-backup-test', 'active-backup/test');
      assert.equal(typed.password, 'not the password');
      await editor.page.locator('#active-backup-test-result .fa-times').waitFor();
      await editor.cancel();
    });
  });
}
