// What the HTML files of the nodes call: the one object that all dialogs share.
import { prepareAction, saveAction } from './action-dialog';
import { check, checkLimits, checkNas, checkProperty, checkSetting, checkSlug } from './checks';
import { prepareConnection, saveConnection } from './connection-dialog';
import { labelOf, nasLabel } from './labels';
import { addStyles } from './styles';
import { text } from './texts';
import { storedType } from './validation';
import { prepareWatch, saveWatch } from './watch-dialog';

function nasName(id: unknown): string {
  const nas = typeof id === 'string' ? RED.nodes.node(id) : null;
  return nas === null || nas === undefined ? '' : nasLabel(nas);
}

/** The label of a node in the flow. `this._` is the node's own catalog, whose `title` is what the palette calls it. */
function label(nodeName: string, node: EditorNode): string {
  return labelOf(nodeName, node, node._?.('title') ?? nodeName, { text, nasName });
}

/** The label of a connection, where connections are chosen. */
function connectionLabel(node: EditorNode): string {
  return nasLabel(node) || text('flow.newConnection');
}

/** A name that the user gave is set in italics, as in Node-RED's own nodes. */
function labelStyle(node: EditorNode): string {
  return typeof node.name === 'string' && node.name !== '' ? 'node_label_italic' : '';
}

/** Flows written by hand or by an older version lack properties; Node-RED leaves such fields empty. */
function fillMissing(node: EditorNode, prefix: string): void {
  for (const [name, { value, type }] of Object.entries(node._def?.defaults ?? {})) {
    // Node-RED fills the lists of config nodes itself.
    if (node[name] !== undefined || type !== undefined) continue;
    const input = $(`#${prefix}-${name}`);
    const plain = name.endsWith('Type') ? node[name.slice(0, -'Type'.length)] : undefined;
    if (plain !== undefined) input.val(storedType(plain, undefined));
    else if (typeof value === 'boolean') input.prop('checked', value);
    else if (typeof value === 'string' || typeof value === 'number') input.val(String(value));
  }
}

/** Opens the dialog of a node, by the name of its file. */
function prepare(nodeName: string, node: EditorNode): void {
  addStyles();
  fillMissing(node, nodeName === 'nas' ? 'node-config-input' : 'node-input');
  if (nodeName === 'nas') prepareConnection(node);
  else if (nodeName === 'watch') prepareWatch(node);
  else prepareAction(nodeName, node);
}

/** Stores what Node-RED does not store by itself when a dialog is closed with Done. */
function save(nodeName: string, node: EditorNode): void {
  if (nodeName === 'nas') saveConnection(node);
  else if (nodeName === 'watch') saveWatch(node);
  else saveAction(nodeName);
}

export {
  check,
  checkLimits,
  checkNas,
  checkProperty,
  checkSetting,
  checkSlug,
  connectionLabel,
  label,
  labelStyle,
  prepare,
  save,
};
