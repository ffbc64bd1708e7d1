// Publishes the backup tasks of one NAS over MQTT, with discovery for Home Assistant.
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { packageVersion, setUpPublisherNode, type Definition } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  function HomeAssistantNode(this: Node, definition: NodeDef): void {
    RED.nodes.createNode(this, definition);
    setUpPublisherNode(RED, this, definition as unknown as Definition, packageVersion());
  }
  RED.nodes.registerType('active-backup-home-assistant', HomeAssistantNode);
};
