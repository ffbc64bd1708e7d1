// What a dialog shows while connections are slow, are mended from inside it, or are exchanged for others.
import assert from 'node:assert/strict';
import { type Simulator, startSimulator } from '../simulator';
import { Endings } from '../helpers/endings';
import type { FlowNode } from '../helpers/probe';
import { bareFlow } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { connectionTo } from './editor-nas';
import { type EditorPage } from './editor-page';
import { versions } from './editor-versions';

/** Of each request, and there are several: long enough for the dialogs that are opened and closed meanwhile. */
const slowMs = 600;

for (const version of versions) {
  describe(`Connections that change under a dialog of Node-RED ${version}`, function () {
    this.timeout(120_000);
    const endings = new Endings();
    let bench: EditorBench;
    /** Another NAS; its first task is not the first NAS's. */
    let other: Simulator;
    let otherNode: FlowNode;
    let editor: EditorPage;

    before(async () => {
      bench = endings.add(await startEditorBench(version), (one) => one.stop());
      other = endings.add(await startSimulator({ tls: true, tasks: [{ name: 'Elsewhere' }] }), (one) => one.close());
      otherNode = {
        ...connectionTo(other),
        id: 'other',
        slug: 'elsewhere',
        name: 'Other NAS',
        verifyCertificate: false,
      };
    });

    after(() => endings.all());

    afterEach(async () => {
      other.faults.clear();
      await editor.page.close();
      assert.deepEqual(editor.complaints, []);
    });

    /** Opens the editor on a flow whose cancel node has a fixed task of the first NAS. */
    async function open(nas: FlowNode = bench.node, second: FlowNode = otherNode): Promise<void> {
      const task = { taskId: '1', taskIdType: 'num', taskLabel: 'Tenant A' };
      editor = await bench.open([
        ...bareFlow(nas).map((node) => (node.id === 'cancel-backup' ? { ...node, ...task } : node)),
        second,
      ]);
    }

    const chosenTask = () => editor.page.locator('.active-backup-value');
    const rowNote = (text: string | RegExp) =>
      editor.page.locator('#dialog-form .active-backup-note', { hasText: text });

    async function editChosenNas(field: string, value: string): Promise<void> {
      await editor.page.locator('#node-input-btn-nas-edit').click();
      await editor.page.locator('#node-config-dialog-edit-form').waitFor();
      await editor.settle();
      await editor.page.fill(`#node-config-input-${field}`, value);
      await editor.page.locator('#node-config-dialog-ok').click();
      await editor.page.locator('#node-dialog-ok').waitFor();
      await editor.settle();
    }

    it('an answer that comes when its dialog is closed goes nowhere', async () => {
      await open();
      other.faults.add({ kind: 'delay', ms: slowMs });
      await editor.openNode('cancel-backup');
      await editor.page.selectOption('#node-input-nas', { label: 'Other NAS' });
      await rowNote('Asking the NAS').waitFor();
      const answered = editor.page.waitForResponse((response) => /\/other\/tasks\b/.test(response.url()));
      await editor.cancel();
      await (await answered).finished();
    });

    it('an answer that comes while another dialog lies above is there afterwards', async () => {
      await open();
      other.faults.add({ kind: 'delay', ms: slowMs });
      await editor.openNode('cancel-backup');
      const answered = editor.page.waitForResponse((response) => /\/other\/tasks\b/.test(response.url()));
      await editor.page.selectOption('#node-input-nas', { label: 'Other NAS' });
      await rowNote('Asking the NAS').waitFor();
      await editor.page.locator('#node-input-btn-nas-edit').click();
      await editor.page.locator('#node-config-dialog-edit-form').waitFor();
      await (await answered).finished();
      await editor.page.locator('#node-config-dialog-cancel').click();
      await rowNote('last result').waitFor();
      await editor.settle();
      await editor.cancel();
    });

    it('a certificate is not offered in the dialog of another connection', async () => {
      await open();
      other.faults.add({ kind: 'delay', ms: slowMs });
      await editor.openConfig('active-backup-nas', 'other');
      await editor.page.fill('#node-config-input-password', other.password);
      const answered = editor.page.waitForResponse((response) => response.url().endsWith('/test'));
      await editor.page.locator('#active-backup-test').click();
      await editor.cancel();
      await editor.openConfig('active-backup-nas', bench.node.id);
      await (await answered).finished();
      await editor.settle();
      assert.equal(await editor.page.locator('#active-backup-certificate').textContent(), '');
      await editor.cancel();
    });

    it('a connection that is mended from inside the dialog is asked again', async () => {
      const credentials = { username: bench.nas.username, password: 'not the password' };
      await open({ ...bench.node, credentials });
      await editor.openNode('cancel-backup');
      await rowNote('does not accept this user name and password').waitFor();
      await editChosenNas('password', bench.nas.password);
      await rowNote('last result').waitFor();
      await editor.cancel();
    });

    it('what a changed address had before is not listed, and its password does not go to the new one', async () => {
      await open();
      await editor.openNode('cancel-backup');
      await rowNote('last result').waitFor();
      const asked = other.requests.length;
      await editChosenNas('url', other.url);
      await rowNote('Type the password').waitFor();
      assert.equal(other.requests.length, asked);
      await editor.cancel();
    });

    it("the name of a task is not carried over to another NAS's task", async () => {
      await open(bench.node, { ...otherNode, url: 'http://127.0.0.1:9' });
      await editor.openNode('cancel-backup');
      await chosenTask().getByText('Tenant A (id 1)').waitFor();
      await editor.page.selectOption('#node-input-nas', { label: 'Other NAS' });
      await rowNote('could not be read').waitFor();
      assert.equal(await chosenTask().textContent(), 'Task 1');
      await editor.page.selectOption('#node-input-nas', { label: 'Office NAS' });
      await chosenTask().getByText('Tenant A (id 1)').waitFor();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('cancel-backup', ['taskId', 'taskLabel']), {
        taskId: '1',
        taskLabel: 'Tenant A',
      });
    });

    it('a watch without a NAS shows no empty list', async () => {
      await open();
      await editor.openNode('watch');
      await editor.page.locator('#active-backup-watch-tasks label').first().waitFor();
      await editor.page.selectOption('#node-input-nas', '_ADD_');
      await editor.page.getByText('Choose a NAS first.').waitFor();
      assert.equal(await editor.page.locator('#active-backup-watch-tasks').isVisible(), false);
      await editor.cancel();
    });
  });
}
