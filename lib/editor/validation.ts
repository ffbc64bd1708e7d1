// Whether a value that stands in a dialog would be accepted at run time. Pure: the texts and the editor are elsewhere.
import { type Parameter } from './parameters';
import { type Rule } from './rules';

/** A whole value that Node-RED replaces by an environment variable when it deploys. */
export function isEnvironmentReference(value: unknown): boolean {
  return typeof value === 'string' && /^\$(\{[a-zA-Z_][a-zA-Z0-9_]*\}|\([a-zA-Z_][a-zA-Z0-9_]*\))$/.test(value);
}

/** Node-RED turns what stands in the field into a value of its type before the node sees it. */
function valueOfType(value: unknown, type: string): unknown {
  if (type === 'num') return Number(value);
  if (type === 'bool')
    return value === true || value === 'true' ? true : value === false || value === 'false' ? false : value;
  return value;
}

/** Whether a rule takes a value. */
export function accepts(rule: Rule, value: unknown): boolean {
  try {
    rule.parse(value);
    return true;
  } catch {
    return false;
  }
}

/** The type that a stored value stands under. A flow written by hand may hold a plain value without one. */
export function storedType(value: unknown, type: unknown): string {
  if (typeof type === 'string' && type !== '') return type;
  if (typeof value === 'number') return 'num';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) || (typeof value === 'string' && value !== '') ? 'str' : 'payload';
}

/**
 * Whether a parameter's stored value and type would be refused at run time. What only the message or a store can tell
 * is never refused here, nor what an older flow does not have. An empty field counts as nothing given.
 */
export function isAcceptable(parameter: Pick<Parameter, 'rule' | 'otherwise'>, value: unknown, type: unknown): boolean {
  const kind = storedType(value, type);
  if (kind !== 'num' && kind !== 'str' && kind !== 'bool') return true;
  if (value === undefined || isEnvironmentReference(value)) return true;
  if (value === '' || value === null) return parameter.otherwise !== undefined;
  return accepts(parameter.rule, valueOfType(value, kind));
}

/** Whether a plain setting would be refused; empty means that the default counts. */
export function isAcceptableSetting(rule: Rule, value: unknown, required = false): boolean {
  if (value === undefined || isEnvironmentReference(value)) return true;
  if (value === '' || value === null) return !required;
  return accepts(rule, value);
}
