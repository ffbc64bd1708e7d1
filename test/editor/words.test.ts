// What a screen reader says of a dialog's rows, and what users of other languages and countries see.
import assert from 'node:assert/strict';
import { startBrowser } from '../helpers/browser';
import { filledFlow } from './dialog-flow';
import { type EditorBench, startEditorBench } from './editor-bench';
import { EditorPage } from './editor-page';
import { versions } from './editor-versions';

for (const version of versions) {
  describe(`The words of the dialogs in Node-RED ${version}`, function () {
    this.timeout(120_000);
    let bench: EditorBench;

    before(async () => {
      bench = await startEditorBench(version);
      await bench.nodeRed.admin.deploy(filledFlow(bench.node), 'full');
    });

    after(() => bench.stop());

    /** Opens the editor in a browser of a language. */
    async function withEditor(language: string, use: (editor: EditorPage) => Promise<void>): Promise<void> {
      const browser = await startBrowser({ language });
      try {
        const editor = await EditorPage.open(browser.context, bench.nodeRed.url);
        await use(editor);
        assert.deepEqual(editor.complaints, []);
      } finally {
        await browser.close();
      }
    }

    /** With the schedule's dialog open. */
    function withSchedule(language: string, use: (editor: EditorPage) => Promise<void>): Promise<void> {
      return withEditor(language, async (editor) => {
        await editor.openNode('set-schedule');
        await editor.page.getByText('last result').or(editor.page.getByText('letztes Ergebnis')).waitFor();
        await use(editor);
      });
    }

    const toggles = (editor: EditorPage) => editor.page.locator('.active-backup-days button');

    it('each control of a row is named after the row, and says what is chosen', () =>
      withSchedule('en-US', async ({ page }) => {
        const button = (name: string | RegExp) => page.getByRole('button', { name });
        for (const name of [
          /Runs\W+Scheduled/,
          /Repeats\W+every 2 hours/,
          /Replace other kinds\W+msg\.payload\.\w+, else no/,
        ])
          assert.equal(await button(name).count(), 1, String(name));
        assert.equal(await page.getByRole('group', { name: 'On' }).getByRole('button', { name: 'Monday' }).count(), 1);
        assert.equal(await page.getByRole('textbox', { name: 'Put into' }).count(), 1);
        const choose = page.getByRole('button', { name: 'Choose a task from the NAS' });
        const description = await choose.evaluate((one) => one.getAttribute('aria-describedby'));
        assert.equal(await page.locator(`#${String(description)}`).textContent(), 'Tenant A (id 1)');
      }));

    for (const [language, first, name] of [
      ['en-US', 'Sun', 'Sunday'],
      ['en-GB', 'Mon', 'Monday'],
      ['nl', 'Mon', 'Monday'],
      ['de-AT', 'Mo', 'Montag'],
      ['fr', 'lun.', 'lundi'],
    ] as const) {
      it(`the week of ${language} begins with ${name}`, () =>
        withSchedule(language, async (editor) => {
          assert.equal(await toggles(editor).first().textContent(), first);
          assert.equal(await toggles(editor).first().getAttribute('aria-label'), name);
        }));
    }

    it('a sentence is in one language, also where these texts are not there in the user’s', () =>
      withSchedule('ja', async (editor) => {
        assert.equal(await toggles(editor).first().textContent(), '日');
        const sentence = editor.page.getByText(/^Runs on Mon, Tue, Wed, Thu, and Fri every 2 hours from /);
        assert.match((await sentence.textContent()) ?? '', /Next run: [a-zA-Z]+ at \d\d:\d\d\.$/);
      }));

    it("a connection test that goes well speaks the user's language", () =>
      withEditor('de', async (editor) => {
        await editor.openConfig('active-backup-nas', bench.node.id);
        await editor.page.locator('#active-backup-test').click();
        await editor.page.getByText('Sicherungsaufgaben: 3.').waitFor();
        const lines = await editor.page.locator('#active-backup-test-result li').allTextContents();
        assert.equal(lines.length, 5);
        assert.match(lines.join('\n'), /Das NAS antwortet\.[^]*Das Paket läuft, Version \d/);
        assert.doesNotMatch(lines.join('\n'), /NAS answers|undefined|\?/);
      }));
  });
}
