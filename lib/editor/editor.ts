// What the HTML files of the nodes call: the one object that all dialogs share.
import { prepareAction, saveAction } from './action-dialog';
import { check, checkLimits, checkNas, checkProperty, checkSetting, checkSlug } from './checks';
import { prepareConnection, saveConnection } from './connection-dialog';
import { labelOf, nasLabel } from './labels';
import { addStyles } from './styles';
import { text } from './texts';
import { prepareWatch, saveWatch } from './watch-dialog';

function nasName(id: unknown): string {
  const nas = typeof id === 'string' ? RED.nodes.node(id) : null;
  return nas === null || nas === undefined ? '' : nasLabel(nas);
}

/** The label of a node in the flow. `this._` is the node's own catalog, whose `palette` is what the palette calls it. */
function label(nodeName: string, node: EditorNode): string {
  return labelOf(nodeName, node, node._?.('palette') ?? nodeName, { text, nasName });
}

/** The label of a connection, where connections are chosen. */
function connectionLabel(node: EditorNode): string {
  return nasLabel(node) || text('flow.newConnection');
}

/** A name that the user gave is set in italics, as in Node-RED's own nodes. */
function labelStyle(node: EditorNode): string {
  return typeof node.name === 'string' && node.name !== '' ? 'node_label_italic' : '';
}

/** Opens the dialog of a node, by the name of its file. */
function prepare(nodeName: string, node: EditorNode): void {
  addStyles();
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
