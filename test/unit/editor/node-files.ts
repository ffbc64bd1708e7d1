// The editor's files of each node, read as text and as the script that Node-RED would run.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { expandTemplate } from '../../../lib/editor/template-rows';

export const root = join(__dirname, '..', '..', '..');
export const nodesFolder = join(root, 'nodes');
export const localesFolder = join(nodesFolder, 'locales');

/** The names of all nodes: their editor files without the ending. */
export const nodeNames = readdirSync(nodesFolder)
  .filter((name) => name.endsWith('.html'))
  .map((name) => basename(name, '.html'));

/** The languages that have texts. */
export const languages = readdirSync(localesFolder);

/** A file of the package as text. */
export function readText(...path: string[]): string {
  return readFileSync(join(root, ...path), 'utf8');
}

/** The editor file of a node. */
export function htmlOf(node: string): string {
  return readText('nodes', `${node}.html`);
}

/** The dialog of a node: the template in its editor file with the rows that it names. */
export function templateOf(node: string): string {
  const match = /<script type="text\/html" data-template-name="([^"]+)">([\s\S]*?)<\/script>/.exec(htmlOf(node));
  if (match?.[1] !== `active-backup-${node}` || match[2] === undefined) throw new Error(`${node} has no template`);
  return expandTemplate(match[2]);
}

/** A catalog as a map from dotted keys to texts. */
export function catalogOf(language: string, node: string): Map<string, string> {
  const texts = new Map<string, string>();
  const visit = (value: unknown, path: string): void => {
    if (typeof value === 'string') texts.set(path, value);
    else {
      for (const [key, inner] of Object.entries(value as object)) visit(inner, path === '' ? key : `${path}.${key}`);
    }
  };
  visit(JSON.parse(readText('nodes', 'locales', language, `${node}.json`)), '');
  return texts;
}

/** What a registration says, as far as it is written literally. */
export interface Registration {
  type: string;
  /** The literal members: strings, numbers and booleans. */
  literals: Map<string, unknown>;
  /** The names of the properties, with their literal default values. */
  defaults: Map<string, Map<string, unknown>>;
  credentials: string[];
  /** Members that are no plain `key: value` or method. */
  irregular: string[];
}

function literalOf(node: ts.Expression): unknown {
  if (ts.isStringLiteral(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isArrayLiteralExpression(node)) return node.elements.map(literalOf);
  if (ts.isObjectLiteralExpression(node) && node.properties.length === 0) return {};
  return undefined;
}

function membersOf(object: ts.ObjectLiteralExpression, irregular: string[]): Map<string, ts.Expression> {
  const members = new Map<string, ts.Expression>();
  for (const property of object.properties) {
    if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.name)) {
      members.set(property.name.text, property.initializer);
    } else irregular.push(property.getText());
  }
  return members;
}

/** The one registration in a node's editor file, read as the Flow Library does: without running it. */
export function registrationOf(node: string): Registration {
  const scripts = [...htmlOf(node).matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  const [script] = scripts;
  if (scripts.length !== 1 || script?.[1] === undefined) throw new Error(`${node} needs one script`);
  const source = ts.createSourceFile(`${node}.js`, script[1], ts.ScriptTarget.ES2020, true, ts.ScriptKind.JS);
  const [statement] = source.statements;
  if (source.statements.length !== 1 || statement === undefined || !ts.isExpressionStatement(statement)) {
    throw new Error(`${node}: one registration and nothing else`);
  }
  const call = statement.expression;
  if (!ts.isCallExpression(call) || call.expression.getText() !== 'RED.nodes.registerType') {
    throw new Error(`${node}: not a registration`);
  }
  const [type, definition] = call.arguments;
  if (type === undefined || !ts.isStringLiteral(type)) throw new Error(`${node}: the type is not literal`);
  if (definition === undefined || !ts.isObjectLiteralExpression(definition))
    throw new Error(`${node}: no literal object`);
  const irregular: string[] = [];
  const literals = new Map<string, unknown>();
  const defaults = new Map<string, Map<string, unknown>>();
  let credentials: string[] = [];
  for (const [name, value] of membersOf(definition, irregular)) {
    if ((name === 'defaults' || name === 'credentials') && ts.isObjectLiteralExpression(value)) {
      const members = membersOf(value, irregular);
      if (name === 'credentials') credentials = [...members.keys()];
      else {
        for (const [property, details] of members) {
          if (!ts.isObjectLiteralExpression(details)) throw new Error(`${node}: ${property} is not literal`);
          const parts = [...membersOf(details, irregular)].map(([key, part]) => [key, literalOf(part)] as const);
          defaults.set(property, new Map(parts));
        }
      }
    } else literals.set(name, literalOf(value));
  }
  return { type: type.text, literals, defaults, credentials, irregular };
}
