// What a node is called in the flow: what it does, to which task, and the settings that make a difference. Pure.

import { storedType } from './validation';

/** A node's properties, and the words for what they say. */
export type LabelSource = Readonly<Record<string, unknown>>;

/** The words that labels need, in the user's language; `nasName` gives the name of a connection node. */
export interface LabelWords {
  text(key: string, values?: Record<string, string | number>): string;
  nasName(id: unknown): string;
}

/** A parameter's value in a few letters; empty when the message decides. */
function valueOf(node: LabelSource, name: string): string {
  const stored = node[name];
  const value =
    typeof stored === 'string' || typeof stored === 'number' || typeof stored === 'boolean' ? String(stored) : '';
  const type = storedType(stored, node[`${name}Type`]);
  switch (type) {
    case 'num':
    case 'str':
    case 'bool':
      return value;
    case 'msg':
      return `msg.${value}`;
    case 'flow':
    case 'global':
      return `${type}.${value.replace(/^#:\([^)]*\)::/, '')}`;
    case 'env':
      return `$${value}`;
    default:
      return '';
  }
}

function taskOf(node: LabelSource, words: LabelWords): string {
  const value = valueOf(node, 'taskId');
  if (storedType(node.taskId, node.taskIdType) !== 'num' || value === '' || value.startsWith('$')) return value;
  const name = node.taskLabel;
  return typeof name === 'string' && name !== '' ? name : words.text('flow.task', { id: value });
}

function isOn(node: LabelSource, name: string): boolean {
  return node[`${name}Type`] === 'bool' && String(node[name]) === 'true';
}

function workersDetail(node: LabelSource, words: LabelWords): string[] {
  const backup = valueOf(node, 'backupWorkers');
  const event = valueOf(node, 'eventWorkers');
  return [
    backup === '' ? '' : words.text('flow.backupWorkers', { count: backup }),
    event === '' ? '' : words.text('flow.eventWorkers', { count: event }),
  ];
}

const policyKeys: Record<string, string> = {
  continuous: 'policy.continuous',
  manual: 'policy.manual',
  scheduled: 'policy.scheduled',
};

function policyDetail(node: LabelSource, words: LabelWords): string {
  const value = valueOf(node, 'policy');
  const key = policyKeys[value];
  return key === undefined ? value : words.text(key);
}

function retentionDetail(node: LabelSource, words: LabelWords): string {
  const value = valueOf(node, 'daysToKeep');
  if (value === '') return '';
  if (node.daysToKeepType !== 'num') return value;
  if (Number(value) === 0) return words.text('flow.allVersions');
  return words.text(Number(value) === 1 ? 'flow.day' : 'flow.days', { days: value });
}

function eventsDetail(node: LabelSource, words: LabelWords): string {
  const events = Array.isArray(node.events) ? node.events.map(String) : [];
  if (events.length === 0) return '';
  return events.length > 2
    ? words.text('flow.events', { count: events.length })
    : events.map((event) => words.text(`event.${event}`)).join(', ');
}

/** What stands behind the node's own word, by node file. */
const details: Record<string, (node: LabelSource, words: LabelWords) => string[]> = {
  'get-tasks': (node, words) => [
    taskOf(node, words),
    isOn(node, 'allNas') ? words.text('flow.allNas') : '',
    isOn(node, 'summary') ? words.text('flow.summary') : '',
  ],
  'get-log': (node, words) => [
    taskOf(node, words),
    isOn(node, 'onlyNew') ? words.text('flow.onlyNew') : '',
    isOn(node, 'fetchAll') ? words.text('flow.fetchAll') : '',
  ],
  'get-settings': (node, words) => [taskOf(node, words)],
  'get-history': (node, words) => [taskOf(node, words)],
  workers: workersDetail,
  'set-schedule': (node, words) => [taskOf(node, words), policyDetail(node, words)],
  'set-retention': (node, words) => [taskOf(node, words), retentionDetail(node, words)],
  'run-backup': (node, words) => [taskOf(node, words), isOn(node, 'wait') ? words.text('flow.wait') : ''],
  'cancel-backup': (node, words) => [taskOf(node, words)],
  'delete-task': (node, words) => [taskOf(node, words), isOn(node, 'removeData') ? words.text('flow.removeData') : ''],
  'relink-task': (node) => [valueOf(node, 'taskName')],
  watch: (node, words) => [
    String(node.allNas) === 'true' ? words.text('flow.allNas') : words.nasName(node.nas),
    eventsDetail(node, words),
  ],
  'home-assistant': (node, words) => [words.nasName(node.nas)],
};

/** A label is one line on the canvas; a task's name may be as long as its tenant likes. */
function shortened(part: string): string {
  return part.replace(/^(.{59}).{2,}$/su, '$1…');
}

/** The label of a node: its own name, else `word` (what the palette calls it) and the details. */
export function labelOf(nodeName: string, node: LabelSource, word: string, words: LabelWords): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  const parts = (details[nodeName]?.(node, words) ?? []).filter((part) => part !== '');
  return parts.length === 0 ? word : `${word}: ${parts.map(shortened).join(', ')}`;
}

/** The label of a connection: its name, else the host in its address. */
export function nasLabel(node: LabelSource): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  const url = typeof node.url === 'string' ? node.url : '';
  try {
    return new URL(url).host || url;
  } catch {
    return url;
  }
}
