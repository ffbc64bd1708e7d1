// What the editor tests have in common: a simulated NAS, a real Node-RED with the packed package, and a browser.
import { Endings } from '../helpers/endings';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import type { NodeRedVersion } from '../helpers/node-red-versions';
import type { FlowNode } from '../helpers/probe';
import type { Simulator } from '../simulator';
import { startBrowser, type TestBrowser } from '../helpers/browser';
import { connectionTo, startEditorNas } from './editor-nas';
import { EditorPage } from './editor-page';
import { nodeOf, type Theme } from './editor-versions';

/** All that runs for a suite of editor tests. */
export interface EditorBench {
  nas: Simulator;
  /** The config node that points at the NAS. */
  node: FlowNode;
  nodeRed: NodeRedProcess;
  browser: TestBrowser;
  /** Deploys a flow and opens the editor on it. */
  open(flow: FlowNode[], theme?: Theme): Promise<EditorPage>;
  stop(): Promise<void>;
}

/** Starts a bench; the caller stops it. */
export async function startEditorBench(version: NodeRedVersion): Promise<EditorBench> {
  const endings = new Endings();
  try {
    const nas = endings.add(await startEditorNas(), (one) => one.close());
    const nodeRed = endings.add(await startNodeRed({ version, nodeBinary: nodeOf(version) }), (one) => one.stop());
    const browser = endings.add(await startBrowser(), (one) => one.close());
    return {
      nas,
      node: connectionTo(nas),
      nodeRed,
      browser,
      open: async (flow, theme) => {
        await nodeRed.admin.deploy(flow, 'full');
        return EditorPage.open(browser.context, nodeRed.url, theme);
      },
      stop: () => endings.all(),
    };
  } catch (error) {
    await endings.all();
    throw error;
  }
}
