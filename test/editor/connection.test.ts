// The connection's dialog in the real editor: certificate, pairing, support bundle, and what other dialogs ask of the NAS.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { FlowNode } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { startBrowser } from '../helpers/browser';
import { bareFlow } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { connectionTo } from './editor-nas';
import { EditorPage } from './editor-page';
import { versions } from './editor-versions';

for (const version of versions) {
  describe(`The connection's dialog in Node-RED ${version}`, function () {
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

    async function withSimulator(
      options: Parameters<typeof startSimulator>[0],
      use: (simulator: Simulator) => Promise<void>,
    ): Promise<void> {
      const simulator = await startSimulator(options);
      try {
        await use(simulator);
      } finally {
        await simulator.close();
      }
    }

    it('shows the certificate of the NAS, and trusts it when it is told to', async () => {
      await withSimulator({ tls: true }, async (simulator) => {
        await openEditor(bareFlow(connectionTo(simulator)));
        await editor.openConfig('active-backup-nas', 'nas');
        await editor.page.locator('#active-backup-test').click();
        await editor.page.locator('#active-backup-test-result .fa-times').waitFor();
        const shown = editor.page.locator('#active-backup-certificate');
        const fingerprint = /(?:[0-9A-F]{2}:){31}[0-9A-F]{2}/.exec((await shown.textContent()) ?? '')?.[0];
        assert.ok(fingerprint !== undefined);
        await shown.getByRole('button', { name: 'Trust this certificate' }).click();
        assert.equal(await editor.page.inputValue('#node-config-input-certificateSha256'), fingerprint);
        // A changed address or pin is another target: the stored password is not sent there.
        await editor.page.fill('#node-config-input-password', simulator.password);
        await editor.page.locator('#active-backup-test').click();
        await editor.page.locator('#active-backup-test-result', { hasText: 'Backup tasks: 1.' }).waitFor();
        assert.equal(await editor.page.locator('#active-backup-test-result .fa-times').count(), 0);
        await editor.done();
        await editor.deploy();
        const deployed = (await bench.nodeRed.admin.flows()).find((node) => node.id === 'nas');
        assert.equal(deployed?.certificateSha256, fingerprint);
      });
    });

    it('pairs an account with two-factor sign-in, and keeps the token with the next deploy', async () => {
      await withSimulator({ twoFactor: true, otp: '048216' }, async (simulator) => {
        await openEditor(bareFlow(connectionTo(simulator)));
        await editor.openConfig('active-backup-nas', 'nas');
        await editor.openSections();
        await editor.page.fill('#active-backup-otp', '048 217');
        await editor.page.locator('#active-backup-pair').click();
        await editor.page.locator('#active-backup-pair-result .fa-times').waitFor();
        await editor.page.fill('#active-backup-otp', '048 216');
        await editor.page.locator('#active-backup-pair').click();
        await editor.page.locator('#active-backup-pair-result', { hasText: 'Paired. Deploy to keep it.' }).waitFor();
        assert.equal(await editor.page.inputValue('#active-backup-otp'), '');
        const page = await editor.page.content();
        for (const secret of simulator.secrets()) assert.ok(!page.includes(secret));
        await editor.done();
        await editor.deploy();
        await editor.openNode('run-backup');
        assert.equal(await (await editor.openTaskPanel()).locator('[role=option]').count(), 1);
        await editor.page.keyboard.press('Escape');
        await editor.done();
      });
    });

    it('saves a support bundle as a file', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openConfig('active-backup-nas', bench.node.id);
      await editor.openSections();
      const downloading = editor.page.waitForEvent('download');
      await editor.page.locator('#active-backup-support').click();
      const download = await downloading;
      assert.equal(download.suggestedFilename(), 'active-backup-support.json');
      const bundle = readFileSync(await download.path(), 'utf8');
      assert.equal(typeof JSON.parse(bundle), 'object');
      for (const secret of bench.nas.secrets()) assert.ok(!bundle.includes(secret));
      await editor.page.locator('#active-backup-support-result', { hasText: 'Saved.' }).waitFor();
      await editor.cancel();
    });

    it('lists the tasks before it is deployed, with the password that was just typed', async () => {
      const nodes = bareFlow(bench.node).filter((node) => node.id !== bench.node.id);
      await openEditor(nodes.map((node) => (node.nas === undefined ? node : { ...node, nas: '' })));
      await editor.openConfig('active-backup-nas', '_ADD_');
      await editor.page.fill('#node-config-input-name', 'New NAS');
      await editor.page.fill('#node-config-input-url', bench.nas.url);
      await editor.page.fill('#node-config-input-username', bench.nas.username);
      await editor.page.fill('#node-config-input-password', bench.nas.password);
      await editor.done();
      await editor.openNode('run-backup');
      await editor.page.selectOption('#node-input-nas', { label: 'New NAS' });
      const list = await editor.openTaskPanel();
      assert.equal(await list.locator('[role=option]').count(), 3);
      await list.getByText('Branch office').click();
      await editor.done();
      assert.deepEqual(await editor.nodeProperties('run-backup', ['taskId', 'taskLabel']), {
        taskId: '3',
        taskLabel: 'Branch office',
      });
    });

    it('says why an undeployed connection lists no tasks', async () => {
      const nodes = bareFlow(bench.node).filter((node) => node.id !== bench.node.id);
      await openEditor(nodes.map((node) => (node.nas === undefined ? node : { ...node, nas: '' })));
      await editor.openConfig('active-backup-nas', '_ADD_');
      await editor.page.fill('#node-config-input-name', 'Far NAS');
      await editor.page.fill('#node-config-input-url', 'http://127.0.0.1:9');
      await editor.page.fill('#node-config-input-username', 'somebody');
      await editor.page.fill('#node-config-input-password', 'something');
      await editor.done();
      await editor.openConfig('active-backup-nas', '_ADD_');
      await editor.page.fill('#node-config-input-name', 'Silent NAS');
      await editor.page.fill('#node-config-input-url', 'http://127.0.0.1:9');
      await editor.done();
      await editor.openNode('run-backup');
      await editor.page.selectOption('#node-input-nas', { label: 'Far NAS' });
      await editor.page.locator('#active-backup-choose-task').click();
      const status = editor.page.locator('.active-backup-panel-status:visible');
      await status.getByText(/^The tasks could not be read\. \S+/).waitFor();
      await editor.page.keyboard.press('Escape');
      await editor.page.selectOption('#node-input-nas', { label: 'Silent NAS' });
      await editor.page.locator('#active-backup-choose-task').click();
      await status.getByText('Deploy the connection first').waitFor();
      await editor.page.keyboard.press('Escape');
      await editor.done();
    });

    it('tells the limits of the NAS beside the numbers of workers', async () => {
      await openEditor(bareFlow(bench.node));
      await editor.openNode('workers');
      await editor.page.getByText(/^Now \d+ and \d+; the maximum of this NAS is \d+ and \d+\.$/).waitFor();
      await editor.done();
    });

    it('words what is expected in German for a German user', async () => {
      await bench.nodeRed.admin.deploy(bareFlow(bench.node), 'full');
      const german = await startBrowser({ language: 'de' });
      try {
        editor = await EditorPage.open(german.context, bench.nodeRed.url);
        await editor.openNode('get-history');
        await editor.fill('limit', 'num', '0');
        await editor.done();
        const { errors } = await editor.validity('get-history');
        assert.match(errors.join(), /erwartet wird eine ganze Zahl von 1 bis 5000/);
      } finally {
        await german.close();
      }
    });
  });
}
