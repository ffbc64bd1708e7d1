// The validators of the node definitions: they find the value's type in the open dialog or in the node, and word the finding.
import { expectedText } from './expected';
import { areAcceptableLimits } from './limits';
import { parameterOf } from './parameters';
import { settingRules } from './rules';
import { text } from './texts';
import { tickOf } from './untouched';
import { isAcceptable, isAcceptableSetting, isEnvironmentReference } from './validation';

/** A validator as Node-RED calls it: with the node as `this`; a text says why the value is wrong. */
export type Validator = (this: EditorNode, value: unknown, options?: { label?: string }) => boolean | string;

/** A property's present value: from the dialog while this very node is edited, else from the node. */
function present(node: EditorNode, property: string): unknown {
  if (RED.editor.getEditStack().includes(node)) {
    const input = $(`#node-input-${property}`);
    if (input.length > 0) return input.prop('type') === 'checkbox' ? tickOf(node, property) : input.val();
  }
  return node[property];
}

/** Node-RED accepts a text as reason only from a validator that declares both arguments. */
function validator(problem: (node: EditorNode, value: unknown) => string | null): Validator {
  return function (this: EditorNode, value: unknown, options?: { label?: string }) {
    const found = problem(this, value);
    if (found === null) return true;
    return options?.label === undefined ? found : `${options.label}: ${found}`;
  };
}

/** What a rule expects, in the user's language, to stand after "expected". */
function expectedInWords(expected: string): string {
  const found = expectedText(expected);
  return found === null ? expected : text(found.key, found.values);
}

function isRepeating(node: EditorNode): boolean {
  return present(node, 'repeatEveryHoursType') === 'num' && Number(present(node, 'repeatEveryHours')) > 0;
}

/** A schedule that repeats must not end before it starts; the one rule here that needs more than one field. */
function endsBeforeStart(node: EditorNode, lastRunHour: unknown): boolean {
  const fixed = present(node, 'lastRunHourType') === 'num' && present(node, 'startHourType') === 'num';
  return fixed && isRepeating(node) && Number(lastRunHour) < Number(present(node, 'startHour'));
}

/** The check of a node's parameter, by the run time's rule. */
export function check(nodeName: string, name: string): Validator {
  const parameter = parameterOf(nodeName, name);
  return validator((node, value) => {
    const type = present(node, `${name}Type`);
    if (!isAcceptable(parameter, value, type))
      return text('invalid.expected', { name, expected: expectedInWords(parameter.rule.expected) });
    if (name === 'lastRunHour' && endsBeforeStart(node, value)) return text('invalid.endsBeforeStart');
    if (type === 'jsonata' && typeof value === 'string') {
      const verdict = RED.utils.validateTypedProperty?.(value, 'jsonata', {});
      if (typeof verdict === 'string') return verdict;
    }
    return null;
  });
}

/** The check of a plain setting. */
export function checkSetting(name: keyof typeof settingRules, required = false): Validator {
  const rule = settingRules[name];
  return validator((_node, value) =>
    isAcceptableSetting(rule, value, required)
      ? null
      : text('invalid.expected', { name, expected: expectedInWords(rule.expected) }),
  );
}

/** The short ids of the other connections. */
export function takenSlugs(node: EditorNode): Set<string> {
  const taken = new Set<string>();
  RED.nodes.eachConfig((other) => {
    if (other.type === node.type && other.id !== node.id && typeof other.slug === 'string') taken.add(other.slug);
  });
  return taken;
}

/** The short id must also be this connection's alone: topics and entity ids are made of it. */
export function checkSlug(): Validator {
  return validator((node, value) => {
    if (!isAcceptableSetting(settingRules.slug, value)) {
      return text('invalid.expected', { name: 'slug', expected: expectedInWords(settingRules.slug.expected) });
    }
    if (typeof value !== 'string' || value === '') return null;
    return takenSlugs(node).has(value) ? text('invalid.slugTaken') : null;
  });
}

/** The check of a connection's stored limits. */
export function checkLimits(): Validator {
  return validator((_node, value) => (areAcceptableLimits(value) ? null : text('invalid.limits')));
}

/** A connection is needed, unless the node reads all of them. */
export function checkNas(): Validator {
  return validator((node, value) => {
    const all = present(node, 'allNas');
    const everyNas =
      isEnvironmentReference(all) || (String(all) === 'true' && (present(node, 'allNasType') ?? 'bool') === 'bool');
    if (value === undefined || value === null || value === '' || value === '_ADD_') {
      return everyNas ? null : text('invalid.nasMissing');
    }
    const nas = typeof value === 'string' ? RED.nodes.node(value) : null;
    if (nas === null || nas === undefined) return text('invalid.nasGone');
    return nas.valid === false ? text('invalid.nasInvalid') : null;
  });
}

/** The property of the message that the answer goes to. */
export function checkProperty(): Validator {
  return validator((_node, value) => {
    if (value === undefined) return null;
    if (typeof value !== 'string' || value === '') return text('invalid.propertyMissing');
    const verdict = RED.utils.validateTypedProperty?.(value, 'msg', {});
    return verdict === undefined || verdict === true ? null : text('invalid.property');
  });
}
