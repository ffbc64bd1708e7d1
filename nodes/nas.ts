// The connection to one NAS, shared by all nodes that use it.
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { nasNodeType, registerAdminRoutes, setUpNasNode, type NasCredentials } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  function NasNode(this: Node<Partial<NasCredentials>>, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    setUpNasNode(RED, this, definition);
  }
  RED.nodes.registerType<Node<Partial<NasCredentials>>, NodeDef, object, Partial<NasCredentials>>(
    nasNodeType,
    NasNode,
    {
      credentials: {
        username: { type: 'text' },
        password: { type: 'password' },
        deviceToken: { type: 'password' },
      },
    },
  );
  registerAdminRoutes(RED);
};
