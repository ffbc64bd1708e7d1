// Node-RED's editor in a browser, driven as a user does: open a dialog, fill it, press Done, deploy.
import { type BrowserContext, type Locator, type Page } from 'playwright-core';
import { type Theme } from './editor-versions';

/** The editor's own objects, as far as the tests ask them. */
interface EditorWindow {
  RED: {
    nodes: {
      node(id: string): Record<string, unknown> | null;
      dirty(): boolean;
    };
    editor: { edit(node: unknown): void; editConfig(property: string, type: string, id: string): void };
    view: { focus(): void };
    notifications?: unknown;
  };
}

/** The dialog that a node is edited in. */
export class EditorPage {
  /** Errors of the page's scripts and console, oldest first. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      // The palette's catalogue is on the internet.
      const expected = message.text().includes('ERR_NAME_NOT_RESOLVED');
      if (message.type() === 'error' && !expected) this.complaints.push(message.text());
    });
  }

  /** Opens the editor and waits until the flows are drawn. */
  static async open(context: BrowserContext, url: string, theme: Theme = 'light'): Promise<EditorPage> {
    const page = await context.newPage();
    await page.addInitScript((chosen) => {
      localStorage.setItem('view-dark-theme', chosen);
    }, theme);
    const editor = new EditorPage(page);
    await page.goto(url);
    await page.locator('#red-ui-header-button-deploy').waitFor();
    await page.locator('#red-ui-loading-progress, .red-ui-loading').first().waitFor({ state: 'hidden' });
    return editor;
  }

  /** Runs a function with the editor's own objects. */
  private inEditor<T>(ask: (red: EditorWindow['RED'], id: string) => T, id = ''): Promise<T> {
    return this.page.evaluate(`(${ask.toString()})(RED, ${JSON.stringify(id)})`);
  }

  /** A node's properties as the editor has them. */
  nodeProperties(id: string, names: readonly string[]): Promise<Record<string, unknown>> {
    return this.page.evaluate(
      `Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, RED.nodes.node(${JSON.stringify(id)})[name]]))`,
    );
  }

  /** What a node is called on the canvas. */
  labelOf(id: string): Promise<string> {
    return this.page.evaluate(`RED.utils.getNodeLabel(RED.nodes.node(${JSON.stringify(id)}))`);
  }

  /** Whether the editor holds a node to be set up properly, and why not. */
  async validity(id: string): Promise<{ valid: boolean; errors: string[] }> {
    return this.page.evaluate(
      `(() => { const node = RED.nodes.node(${JSON.stringify(id)}); RED.editor.validateNode(node);
        return { valid: node.valid, errors: (node.validationErrors ?? []).map(String) }; })()`,
    );
  }

  /** Opens the dialog of a node on the canvas. */
  async openNode(id: string): Promise<Locator> {
    await this.inEditor((red, node) => red.editor.edit(red.nodes.node(node)), id);
    const form = this.page.locator('#dialog-form');
    await form.waitFor();
    await this.settle();
    return form;
  }

  /** Opens the dialog of a config node. */
  async openConfig(type: string, id: string): Promise<Locator> {
    await this.page.evaluate(`RED.editor.editConfig('', ${JSON.stringify(type)}, ${JSON.stringify(id)})`);
    const form = this.page.locator('#node-config-dialog-edit-form');
    await form.waitFor();
    await this.settle();
    return form;
  }

  /** Opens the sections of a dialog that are closed at first. */
  async openSections(): Promise<void> {
    await this.page.evaluate(
      `document.querySelectorAll('.active-backup-form details').forEach((one) => (one.open = true))`,
    );
  }

  /** Trays slide in; a picture or a click before that would be of a moving thing. */
  async settle(): Promise<void> {
    await this.page.waitForFunction(
      `(() => {
      const trays = [...document.querySelectorAll('.red-ui-tray')];
      const places = trays.map((tray) => tray.getBoundingClientRect().left).join();
      const still = window.lastPlaces === places;
      window.lastPlaces = places;
      return still;
    })()`,
      undefined,
      { polling: 250 },
    );
  }

  /** Closes the open dialog with Done. */
  async done(): Promise<void> {
    await this.closeWith(['#node-config-dialog-ok', '#node-dialog-ok']);
  }

  /** Closes the open dialog without storing. */
  async cancel(): Promise<void> {
    await this.closeWith(['#node-config-dialog-cancel', '#node-dialog-cancel']);
  }

  private async closeWith(buttons: readonly string[]): Promise<void> {
    const trays = this.page.locator('.red-ui-tray');
    const open = await trays.count();
    for (const button of buttons) {
      const found = this.page.locator(button);
      if ((await found.count()) === 0) continue;
      await found.click();
      break;
    }
    await this.page.waitForFunction(`document.querySelectorAll('.red-ui-tray').length < ${open}`);
    await this.settle();
  }

  /** Whether there is something to deploy. */
  isDirty(): Promise<boolean> {
    return this.inEditor((red) => red.nodes.dirty());
  }

  /** Presses Deploy and waits until the runtime has taken the flows. */
  async deploy(): Promise<void> {
    const answered = this.page.waitForResponse(
      (response) => response.url().endsWith('/flows') && response.request().method() === 'POST',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    const confirm = this.page.locator('.red-ui-notification button.primary');
    await Promise.race([answered, confirm.first().waitFor()]);
    if ((await confirm.count()) > 0) await confirm.first().click();
    await answered;
    await this.page.waitForFunction(`!RED.nodes.dirty()`);
  }

  /** Takes the last change back. */
  async undo(): Promise<void> {
    await this.page.evaluate('RED.history.pop()');
  }

  /** Presses a button that posts JSON to an address of the editor, and gives what was posted. */
  async pressAndRead(button: string, path: string): Promise<Record<string, unknown>> {
    const asked = this.page.waitForRequest((request) => request.url().endsWith(path));
    await this.page.locator(button).click();
    const request = await asked;
    await request.response();
    return JSON.parse(request.postData() ?? 'null') as Record<string, unknown>;
  }

  /** Opens the list of tasks and waits for its first entry. */
  async openTaskPanel(): Promise<Locator> {
    await this.page.locator('#active-backup-choose-task').click();
    const panel = this.page.locator('.active-backup-panel:visible');
    await panel.locator('[role=option]').first().waitFor();
    await this.page.waitForFunction(`document.activeElement.getAttribute('role') === 'combobox'`);
    return panel;
  }

  /** The fields that are marked as wrong. */
  markedFields(): Promise<string[]> {
    return this.page.evaluate(
      `[...document.querySelectorAll('.active-backup-form .input-error')].map((one) => one.id || one.className)`,
    );
  }

  /** Chooses a value in the list of a parameter's row, after its source where one is given. */
  async chooseOption(
    parameter: string,
    value: string,
    type = value === 'true' || value === 'false' ? 'bool' : 'str',
  ): Promise<void> {
    await this.chooseType(parameter, type);
    const row = this.page.locator(`#node-input-${parameter} + .red-ui-typedInput-container`);
    await row.locator('.red-ui-typedInput-option-trigger').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${value}"]`).click();
  }

  /** Chooses the source of a parameter in the type menu of its row. */
  chooseType(parameter: string, type: string): Promise<void> {
    return this.chooseTypeOf(`#node-input-${parameter}`, type);
  }

  /** Chooses an entry in the type menu of a row. */
  async chooseTypeOf(field: string, type: string): Promise<void> {
    const row = this.page.locator(`${field} + .red-ui-typedInput-container`);
    await row.locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${type}"]`).click();
  }

  /** Types a fixed value or an expression into a parameter's row. */
  async fill(parameter: string, type: string, value: string): Promise<void> {
    await this.chooseType(parameter, type);
    const input = this.page.locator(`#node-input-${parameter} + .red-ui-typedInput-container .red-ui-typedInput-input`);
    await input.fill(value);
    await input.press('Tab');
  }

  /** Whether the row of a property is marked as wrong. */
  async isMarked(property: string, prefix = 'node-input'): Promise<boolean> {
    const selector = `#${prefix}-${property}`;
    return this.page.evaluate(
      `(() => { const input = document.querySelector(${JSON.stringify(selector)});
        const row = input.nextElementSibling;
        return input.classList.contains('input-error')
          || (row !== null && row.classList.contains('red-ui-typedInput-container') && row.classList.contains('input-error')); })()`,
    );
  }

  /** How much of the open dialog has to be scrolled to, pixels; 0 without a dialog. */
  hiddenHeight(): Promise<number> {
    return this.page.evaluate(`(() => {
      const bodies = [...document.querySelectorAll('.red-ui-tray-body, .red-ui-tray-body *')];
      return Math.max(0, ...bodies.map((one) => (getComputedStyle(one).overflowY === 'auto' && one.clientHeight > 200 ? one.scrollHeight - one.clientHeight : 0)));
    })()`);
  }

  /** What stands outside the width of the dialog: cut off or overlapping its edge. */
  overflowing(): Promise<string[]> {
    return this.page.evaluate(`(() => {
      const tray = [...document.querySelectorAll('.red-ui-tray-content')].filter((one) => one.offsetParent !== null).at(-1);
      const edge = tray.getBoundingClientRect();
      return [...tray.querySelectorAll('.active-backup-form *')]
        .filter((element) => element.offsetParent !== null && getComputedStyle(element).visibility !== 'hidden')
        .filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 0 && (box.right > edge.right + 1 || box.left < edge.left - 1);
        })
        .map((element) => element.tagName + '#' + element.id + '.' + element.className);
    })()`);
  }
}
