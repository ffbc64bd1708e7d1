// What the HTML files of the nodes call: the one object that all dialogs share.
import { prepareAction, saveAction } from './action-dialog';
import { check, checkLimits, checkNas, checkProperty, checkSetting, checkSlug } from './checks';
import { prepareConnection, saveConnection } from './connection-dialog';
import { labelOf, nasLabel } from './labels';
import { addStyles } from './styles';
import { expandTemplate } from './template-rows';
import { text } from './texts';
import { keepUntouched, noteShown } from './untouched';
import { storedType } from './validation';
import { prepareWatch, saveWatch } from './watch-dialog';

function nasName(id: unknown): string {
  const nas = typeof id === 'string' ? RED.nodes.node(id) : null;
  return nas === null || nas === undefined ? '' : nasLabel(nas);
}

/** What the palette calls a node: `this._` is the node's own catalog. */
function title(this: EditorNode): string {
  return this._?.('title') ?? '';
}

/** Makes the label of a node in the flow. */
function label(nodeName: string): (this: EditorNode) => string {
  return function () {
    return labelOf(nodeName, this, this._?.('title') ?? nodeName, { text, nasName });
  };
}

/** The label of a connection, where connections are chosen. */
function connectionLabel(this: EditorNode): string {
  return nasLabel(this) || text('flow.newConnection');
}

/** A name that the user gave is set in italics, as in Node-RED's own nodes. */
function labelStyle(this: EditorNode): string {
  return typeof this.name === 'string' && this.name !== '' ? 'node_label_italic' : '';
}

/**
 * Flows written by hand or by an older version lack properties; Node-RED leaves such fields empty. It also ticks a box
 * for any text, and "false" is one.
 */
function fillFields(node: EditorNode, prefix: string): void {
  for (const [name, { value, type }] of Object.entries(node._def?.defaults ?? {})) {
    // Node-RED fills the lists of config nodes itself.
    if (type !== undefined) continue;
    const input = $(`#${prefix}-${name}`);
    const stored = node[name];
    const plain = name.endsWith('Type') ? node[name.slice(0, -'Type'.length)] : undefined;
    if (typeof value === 'boolean') input.prop('checked', String((stored ?? '') === '' ? value : stored) === 'true');
    else if (stored !== undefined) continue;
    else if (plain !== undefined) input.val(storedType(plain, undefined));
    else if (typeof value === 'string' || typeof value === 'number') input.val(String(value));
  }
}

/**
 * Makes the dialog of a node, by the name of its file: writes out the rows of its template, and gives what opens it.
 * Node-RED fills the fields before it calls that, so the rows must be there earlier.
 */
function dialog(nodeName: string): (this: EditorNode) => void {
  const template = document.querySelector(`script[data-template-name="active-backup-${nodeName}"]`);
  if (template !== null) template.textContent = expandTemplate(template.textContent);
  return function () {
    addStyles();
    fillFields(this, nodeName === 'nas' ? 'node-config-input' : 'node-input');
    if (nodeName === 'nas') prepareConnection(this);
    else if (nodeName === 'watch') prepareWatch(this);
    else prepareAction(nodeName, this);
    noteShown(this);
  };
}

/** Makes what stores, when a dialog is closed with Done, the things that Node-RED does not store by itself. */
function saver(nodeName: string): (this: EditorNode) => void {
  return function () {
    if (nodeName === 'nas') saveConnection(this);
    if (nodeName === 'watch') saveWatch(this);
    keepUntouched(this);
    saveAction(nodeName);
  };
}

export {
  check,
  checkLimits,
  checkNas,
  checkProperty,
  checkSetting,
  checkSlug,
  connectionLabel,
  dialog,
  label,
  labelStyle,
  saver,
  title,
};
