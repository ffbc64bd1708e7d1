// One parameter row: a typed input whose first choice is the message, and whose stored form is `p` and `pType`.
import { byId } from './dom';
import { type Choice, type Parameter } from './parameters';
import { text } from './texts';

const stores = ['msg', 'flow', 'global', 'env', 'jsonata'];

/** What the type menu says for "from the message": where it looks, and what counts else. */
function fromMessage(name: string, parameter: Parameter): TypedInputType {
  const otherwise = parameter.otherwise;
  const label =
    otherwise === undefined
      ? text('fromMessage.required', { name })
      : text('fromMessage.otherwise', { name, otherwise: text(otherwise) });
  return { value: 'payload', label, hasValue: false };
}

function optionOf(choice: Choice): TypedInputOption {
  const label = choice.key === undefined ? (choice.label ?? choice.value) : text(choice.key, { hours: choice.value });
  return { value: choice.value, label };
}

/** A list to choose from. What is stored and not in the list is kept as an entry of its own, or it would be overwritten. */
function choiceType(type: string, label: string, choices: readonly Choice[], stored: string): TypedInputType {
  const options = choices.map(optionOf);
  const known = stored === '' || choices.some((choice) => choice.value === stored);
  return {
    value: type,
    label,
    icon: 'fa fa-list',
    options: known ? options : [...options, { value: stored, label: stored }],
  };
}

const yesNo: readonly Choice[] = [
  { value: 'true', key: 'flag.yes' },
  { value: 'false', key: 'flag.no' },
];

/** The entries of a parameter's type menu. `stored` is its present fixed value. */
function typesOf(name: string, parameter: Parameter, stored: string): (string | TypedInputType)[] {
  const message = fromMessage(name, parameter);
  const suggested = parameter.suggested ?? '';
  switch (parameter.kind) {
    case 'flag':
      return [message, choiceType('bool', text('type.flag'), yesNo, stored), ...stores];
    case 'choice':
      return [
        message,
        choiceType(parameter.choiceType ?? 'str', text('type.choice'), parameter.choices ?? [], stored),
        ...stores,
      ];
    case 'number':
      return [
        message,
        { value: 'num', label: text('type.number'), icon: 'red/images/typedInput/09.svg', default: suggested },
        ...stores,
      ];
    case 'text':
      return [
        message,
        { value: 'str', label: text('type.text'), icon: 'red/images/typedInput/az.svg', default: suggested },
        ...stores,
      ];
    case 'task':
    case 'taskNumber':
    case 'days':
      return [message, ...stores];
  }
}

/** A stored type that this row does not offer, in a flow written by hand, stays as Node-RED's own entry of that name. */
const foreignTypes = ['str', 'num', 'bool', 'json', 'env', 'date'];

/**
 * Makes the row of a parameter.
 * @param special an entry that takes the place of the fixed value's (a task, days), put before the message
 */
export function makeTypedRow(
  name: string,
  parameter: Parameter,
  special: readonly TypedInputType[] = [],
): EditorQuery | null {
  const input = $(`#node-input-${name}`);
  const typeField = $(`#node-input-${name}Type`);
  if (input.length === 0 || typeField.length === 0) return null;
  if ((typeField.val() ?? '') === '') typeField.val('payload');
  const storedType = typeField.val() ?? '';
  const fixed = storedType === 'payload' ? '' : (input.val() ?? '');
  const types: (string | TypedInputType)[] = [...special, ...typesOf(name, parameter, fixed)];
  const offered = types.map((type) => (typeof type === 'string' ? type : type.value));
  if (!offered.includes(storedType) && foreignTypes.includes(storedType)) types.push(storedType);
  input.typedInput({ default: 'payload', types, typeField });
  labelParts(`node-input-${name}`);
  return input;
}

/**
 * The label points at an input that the typed input hides; its visible parts are named after the same label. A
 * button is named by what stands in it too: the words of the present choice. What has a name of its own keeps it.
 */
export function labelParts(fieldId: string): Element | null {
  const label = document.querySelector(`label[for="${fieldId}"]`);
  const container = byId(fieldId)?.nextElementSibling ?? null;
  if (label === null || container === null) return null;
  label.id = `${fieldId}-label`;
  container.querySelectorAll('input, button:not([aria-label])').forEach((part, index) => {
    if (part.tagName === 'BUTTON') part.id = `${fieldId}-part-${String(index)}`;
    part.setAttribute('aria-labelledby', `${label.id} ${part.id}`.trim());
  });
  return container;
}
