// What Done stores: a property keeps its stored value unless what the dialog shows of it was changed. A flow may hold
// what no field can show as it is: an environment variable behind a check box, a list, a value without its type.
import { byId } from './dom';

/** What the fields of a node showed when its dialog had been opened. */
const firstShown = new WeakMap<EditorNode, Map<string, string>>();

function prefixOf(node: EditorNode): string {
  return node._def?.category === 'config' ? 'node-config-input' : 'node-input';
}

function fieldsOf(node: EditorNode): [string, HTMLInputElement | HTMLSelectElement][] {
  return Object.keys(node._def?.defaults ?? {}).flatMap((name) => {
    const field = byId(`${prefixOf(node)}-${name}`);
    return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? [[name, field] as const] : [];
  });
}

function shownIn(field: HTMLInputElement | HTMLSelectElement): string {
  return field.type === 'checkbox' ? String(field.checked) : field.value;
}

/** A parameter's value, its type and the name of its task are one thing to a user. */
function parameterOf(name: string): string {
  return name === 'taskLabel' ? 'taskId' : name.replace(/Type$/, '');
}

/** Notes what the fields show; to be called when a dialog has been made. */
export function noteShown(node: EditorNode): void {
  const shown = new Map(fieldsOf(node).map(([name, field]) => [name, shownIn(field)]));
  firstShown.set(node, shown);
  for (const [name, field] of fieldsOf(node)) {
    // Also a second click, back to what was shown, says what the user wants.
    if (field.type === 'checkbox') field.addEventListener('click', () => shown.delete(name));
  }
}

/** The parameters and settings whose fields show something else than at first. */
function touchedOf(node: EditorNode): Set<string> {
  const shown = firstShown.get(node);
  const changed = fieldsOf(node).filter(
    ([name, field]) => shown !== undefined && name !== 'taskLabel' && shown.get(name) !== shownIn(field),
  );
  return new Set(changed.map(([name]) => parameterOf(name)));
}

/** Whether the user has changed a setting. */
export function isTouched(node: EditorNode, name: string): boolean {
  return touchedOf(node).has(name);
}

/** A check box's setting: what is stored, until the user has clicked. */
export function tickOf(node: EditorNode, name: string): unknown {
  const field = byId(`${prefixOf(node)}-${name}`);
  return field instanceof HTMLInputElement && isTouched(node, name) ? field.checked : node[name];
}

/** Takes the fields that were not touched out of Node-RED's sight, which stores what it finds; to be called at Done. */
export function keepUntouched(node: EditorNode): void {
  if (!firstShown.has(node)) return;
  const touched = touchedOf(node);
  for (const [name, field] of fieldsOf(node)) {
    if (!touched.has(parameterOf(name))) field.removeAttribute('id');
  }
}
