// Changes when a task runs.
import type { NodeAPI } from 'node-red';
import { type Field, invalidInput, methodParameters, optional, rawOf, scheduleParameters } from '../lib/active-backup';
import { asObject, registerAction, type Definition } from '../lib/node-red';

/** The schedule as an object, and whether it is one of our own answers. */
interface GivenSchedule {
  fields: Record<string, unknown>;
  answered: boolean;
}

/** The documented client's `schedule`, or that of a task or of settings as our nodes answer them. */
const schedule: Field<GivenSchedule> = {
  name: 'schedule',
  expected: 'an object with the fields of a schedule',
  parse(value) {
    const given = asObject(value);
    if (given === null) throw invalidInput('schedule', value, schedule.expected);
    if (!('kind' in given)) return { fields: given, answered: false };
    // A kind that cannot be expressed here says nothing that could be set; null and no days say "unknown".
    const isKnown = (field: unknown): boolean => field !== null && !(Array.isArray(field) && field.length === 0);
    const known = given.kind === 'weekly' ? Object.entries(given).filter(([, field]) => isKnown(field)) : [];
    return { fields: Object.fromEntries(known), answered: true };
  },
};

/** The fields that stand in `schedule`, less those that count more where they stand beside it. */
function nestedFields({ fields, answered }: GivenSchedule, beside: Definition, definition: Definition): Definition {
  const overruled = Object.entries(scheduleParameters).flatMap(([name, { alias = name }]) => {
    const type = definition[`${name}Type`];
    const isStored = typeof type === 'string' && type !== '' && type !== 'payload';
    return beside[name] !== undefined && (answered || isStored) ? [name, alias] : [];
  });
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !overruled.includes(name)));
}

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-set-schedule',
    parameters: { ...methodParameters.setTaskSchedule, schedule: optional(schedule) },
    busyText: 'setting schedule',
    async run({ input, connect, signal, definition }) {
      const { schedule: nested, ...beside } = input;
      const wish = nested === undefined ? beside : { ...beside, schedule: nestedFields(nested, beside, definition) };
      const { client, monitor } = connect();
      const changed = await client.setTaskSchedule(wish, { signal });
      monitor.poke();
      // In another time zone than the NAS's the next start would be a wrong one.
      const isTrusted = (monitor.snapshot?.timeZoneProblem ?? null) === null;
      const answer = isTrusted ? changed : { ...changed, nextRunAt: null };
      const summary = changed.changed ? 'changed' : 'already so';
      return { method: 'set_task_schedule', taskId: changed.taskId, answer, raw: rawOf(changed), summary };
    },
  });
};
