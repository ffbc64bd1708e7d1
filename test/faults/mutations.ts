// Structure-aware damage to a NAS's answer: values of the wrong type, missing, doubled and foreign parts.
import * as fc from 'fast-check';

/** One change: which node of the tree (by its number, modulo their count), and what happens to it. */
export interface Edit {
  at: number;
  kind: 'replace' | 'remove' | 'double' | 'wrap' | 'swap' | 'rename';
  value: unknown;
}

/** One change of the text: where (a share of its length), and what. */
export interface TextEdit {
  at: number;
  kind: 'cut' | 'remove' | 'insert';
  text: string;
}

/** Values that have broken programs: limits of numbers, odd texts, names of Object's own. */
const nasty: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  -87,
  4,
  7,
  0.5,
  4294967295,
  2 ** 53,
  -(2 ** 53),
  1e308,
  '',
  '0',
  '-1',
  '4294967295',
  '99999999999999999999999',
  '1e5',
  '0x10',
  ' 12 ',
  'true',
  'NaN',
  '__proto__',
  'constructor',
  '\u0000',
  '💾'.repeat(50),
  '2026/13/45',
  '1,2,3,9,-1',
  [],
  {},
  [[]],
  [null],
  { length: 5 },
  { toString: 'x' },
];

const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.string() },
);

export const edits: fc.Arbitrary<Edit[]> = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom<Edit['kind'][]>(
      'replace',
      'replace',
      'replace',
      'remove',
      'double',
      'wrap',
      'swap',
      'rename',
    ),
    value,
  }),
  { minLength: 1, maxLength: 6 },
);

export const textEdits: fc.Arbitrary<TextEdit[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom<TextEdit['kind'][]>('cut', 'remove', 'insert'),
    text: fc.oneof(fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\u0000', '<html>', '9'), fc.string()),
  }),
  { maxLength: 2 },
);

type Container = unknown[] | Record<string, unknown>;

/** A place in the tree: the value, and where it hangs. */
interface Place {
  parent: Container | null;
  key: string | number;
}

function isContainer(node: unknown): node is Container {
  return typeof node === 'object' && node !== null;
}

function get(parent: Container, key: string | number): unknown {
  return Array.isArray(parent) ? parent[Number(key)] : parent[key];
}

function set(parent: Container, key: string | number, node: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = node;
  // As JSON.parse does: a field, whatever its name.
  else Object.defineProperty(parent, key, { value: node, enumerable: true, configurable: true, writable: true });
}

function places(root: { root: unknown }): Place[] {
  const found: Place[] = [];
  const visit = (parent: Container, key: string | number): void => {
    found.push({ parent, key });
    const node = get(parent, key);
    if (Array.isArray(node)) node.forEach((_entry, index) => visit(node, index));
    else if (isContainer(node)) for (const name of Object.keys(node)) visit(node, name);
  };
  visit(root, 'root');
  return found;
}

function remove({ parent, key }: Place): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (parent !== null) Reflect.deleteProperty(parent, key);
}

/** A copy of the answer with the edits made, one after the other. */
export function edit(real: unknown, list: readonly Edit[]): unknown {
  const tree = { root: structuredClone(real) };
  for (const { at, kind, value: given } of list) {
    const all = places(tree);
    const place = all[at % all.length];
    if (place?.parent == null) continue;
    const { parent, key } = place;
    const node = get(parent, key);
    const other = all[(at * 7 + 1) % all.length];
    switch (kind) {
      case 'replace':
        set(parent, key, structuredClone(given));
        break;
      case 'remove':
        remove(place);
        break;
      case 'double':
        if (Array.isArray(parent)) parent.push(structuredClone(node));
        else set(parent, `${key}_2`, structuredClone(node));
        break;
      case 'wrap':
        set(parent, key, [node]);
        break;
      case 'swap':
        if (other?.parent != null) set(parent, key, structuredClone(get(other.parent, other.key)));
        break;
      case 'rename':
        if (key === 'root') break;
        remove(place);
        set(parent, Array.isArray(parent) ? parent.length : JSON.stringify(given).replace(/^"|"$/g, ''), node);
        break;
    }
  }
  return tree.root;
}

/** The text with the damage done. */
export function editText(text: string | undefined, list: readonly TextEdit[]): string {
  let damaged = text ?? '';
  for (const { at, kind, text: given } of list) {
    const index = Math.floor(at * damaged.length);
    if (kind === 'cut') damaged = damaged.slice(0, index);
    else if (kind === 'remove') damaged = damaged.slice(0, index) + damaged.slice(index + 1 + given.length);
    else damaged = damaged.slice(0, index) + given + damaged.slice(index);
  }
  return damaged;
}
