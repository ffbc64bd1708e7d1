// Turns what happens to backup tasks into messages.
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { setUpWatchNode, type Definition } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  function WatchNode(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    setUpWatchNode(RED, this, definition as unknown as Definition);
  }
  RED.nodes.registerType('active-backup-watch', WatchNode);
};
