// The versions of Node-RED whose editor is tested: EDITOR_VERSIONS=4.1,5 for both main lines, else the first only.
import { nodeBinary, type NodeRedVersion } from '../helpers/node-red-versions';

export const versions = (process.env.EDITOR_VERSIONS ?? '4.1').split(',') as NodeRedVersion[];

/** The Node.js that a version needs; undefined: the running one. */
export function nodeOf(version: NodeRedVersion): string | undefined {
  return version === '5' ? nodeBinary('22') : undefined;
}

/** The editor's themes. */
export type Theme = 'light' | 'dark';

/** Node-RED 4 has a light theme only. */
export function themesOf(version: NodeRedVersion): readonly Theme[] {
  return version === '5' ? ['light', 'dark'] : ['light'];
}
