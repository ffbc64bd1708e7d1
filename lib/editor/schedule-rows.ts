// The rows of set-schedule that are more than typed inputs: the time field, the days, and the sentence below them.
import { byId, make, rowOf, setShown } from './dom';
import { parameterOf } from './parameters';
import { type FixedSchedule, nextSlot, slotHours, wallTime } from './schedule-words';
import { locale, text } from './texts';
import { labelParts, makeTypedRow } from './typed-row';
import { isAcceptable } from './validation';
import { dayName, daysInOrder, drawWeekdays, readDays } from './weekdays';

const node = 'set-schedule';

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** The fixed number in a row; null when another source gives it, or when it is wrong. */
function fixedNumber(name: string): number | null {
  const value = $(`#node-input-${name}`).val();
  const type = $(`#node-input-${name}Type`).val();
  if (type !== 'num' || value === '' || !isAcceptable(parameterOf(node, name), value, type)) return null;
  return Number.isInteger(Number(value)) ? Number(value) : null;
}

/** Hour and minute as one time field; each from its own source only where that is wanted. */
function makeTimeRow(): void {
  const field = $('#active-backup-start-time');
  const hour = makeTypedRow('startHour', parameterOf(node, 'startHour'));
  const minute = makeTypedRow('startMinute', parameterOf(node, 'startMinute'));
  const hourField = byId('node-input-startHour');
  const minuteField = byId('node-input-startMinute');
  if (hour === null || minute === null || hourField === null || minuteField === null) return;

  const types = [hour.typedInput('type'), minute.typedInput('type')];
  const fixedHour = fixedNumber('startHour');
  const fixedMinute = fixedNumber('startMinute');
  const isFixed = fixedHour !== null && fixedMinute !== null;
  const type = isFixed ? 'time' : types.every((each) => each === 'payload') ? 'payload' : 'each';
  field.val(isFixed ? clock(fixedHour, fixedMinute) : '');
  field.typedInput({
    default: type,
    types: [
      { value: 'payload', label: text('fromMessage.startTime'), hasValue: false },
      { value: 'time', label: text('type.time'), icon: 'fa fa-clock-o', inputType: 'time', default: '00:00' },
      { value: 'each', label: text('type.hourAndMinute'), hasValue: false },
    ],
  });
  field.typedInput('type', type);
  const container = labelParts('active-backup-start-time');

  const showRows = () => {
    const each = field.typedInput('type') === 'each';
    setShown(rowOf(hourField), each);
    setShown(rowOf(minuteField), each);
  };
  const store = () => {
    const chosen = field.typedInput('type');
    if (chosen === 'payload') {
      hour.typedInput('type', 'payload');
      minute.typedInput('type', 'payload');
    } else if (chosen === 'time') {
      const [hours = '', minutes = ''] = field.typedInput('value').split(':');
      hour.typedInput('type', 'num');
      minute.typedInput('type', 'num');
      hour.typedInput('value', hours === '' ? '' : String(Number(hours)));
      minute.typedInput('value', minutes === '' ? '' : String(Number(minutes)));
      container?.classList.toggle('input-error', hours === '');
    }
    showRows();
  };
  field.on('change', store);
  showRows();
}

function makeDaysRow(): void {
  makeTypedRow('runDays', parameterOf(node, 'runDays'), [
    {
      value: 'str',
      label: text('type.days'),
      icon: 'fa fa-calendar',
      default: parameterOf(node, 'runDays').suggested ?? '',
      valueLabel: (container, stored) => {
        const input = container[0]?.parentElement?.querySelector<HTMLElement>('.red-ui-typedInput-input');
        const toggles = drawWeekdays(stored, (days) => {
          // Through the typed input's own field: its method would draw the toggles anew and lose the focus.
          if (input !== null && input !== undefined) $(input).val(days).trigger('change');
        });
        container.append(toggles);
      },
    },
  ]);
}

function readSchedule(): FixedSchedule | null {
  const startHour = fixedNumber('startHour');
  const startMinute = fixedNumber('startMinute');
  const repeatEveryHours = fixedNumber('repeatEveryHours');
  const lastRunHour = repeatEveryHours === 0 ? 23 : fixedNumber('lastRunHour');
  const stored = $('#node-input-runDaysType').val() === 'str' ? $('#node-input-runDays').val() : null;
  const runDays = typeof stored === 'string' ? readDays(stored) : null;
  if (startHour === null || startMinute === null || repeatEveryHours === null) return null;
  if (lastRunHour === null || runDays === null) return null;
  if (repeatEveryHours > 0 && lastRunHour < startHour) return null;
  return { startHour, startMinute, repeatEveryHours, lastRunHour, runDays };
}

function dayList(days: readonly number[], tag: string): string {
  if (days.length === 7) return text('schedule.everyDay');
  const names = daysInOrder(locale())
    .filter((day) => days.includes(day))
    .map((day) => dayName(day, tag, 'short'));
  return text('schedule.onDays', { days: new Intl.ListFormat(tag, { type: 'conjunction' }).format(names) });
}

function timesOf(schedule: FixedSchedule): string {
  const first = clock(schedule.startHour, schedule.startMinute);
  const last = slotHours(schedule).at(-1) ?? schedule.startHour;
  if (schedule.repeatEveryHours === 0 || last === schedule.startHour) return text('schedule.once', { first });
  const values = { first, last: clock(last, schedule.startMinute), hours: schedule.repeatEveryHours };
  return text(schedule.repeatEveryHours === 1 ? 'schedule.hourly' : 'schedule.repeated', values);
}

/** The time zone of the chosen connection; the browser's stands for the host's where none is set. */
function zoneOfNas(): string | undefined {
  const id = $('#node-input-nas').val();
  const zone = typeof id === 'string' ? RED.nodes.node(id)?.timeZone : undefined;
  return typeof zone === 'string' && zone !== '' ? zone : undefined;
}

function nextWords(schedule: FixedSchedule, tag: string): string {
  const now = wallTime(Date.now(), zoneOfNas());
  const next = now === null ? null : nextSlot(schedule, now);
  if (now === null || next === null) return '';
  const day =
    next.inDays < 2
      ? new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }).format(next.inDays, 'day')
      : dayName((now.day + next.inDays) % 7, tag, 'long');
  return text('schedule.next', { day, time: clock(next.hour, next.minute) });
}

/** What the chosen settings mean, as one or two sentences. */
function sentence(): string {
  const policy = $('#node-input-policyType').val() === 'str' ? $('#node-input-policy').val() : null;
  if (policy === 'continuous') return text('schedule.continuous');
  if (policy === 'manual') return text('schedule.manual');
  const schedule = readSchedule();
  if (policy !== 'scheduled' || schedule === null) return text('schedule.open');
  // One language in the sentence: also where these texts are not there in the user's.
  const tag = text('schedule.language');
  const means = text('schedule.scheduled', { days: dayList(schedule.runDays, tag), times: timesOf(schedule) });
  return `${means} ${nextWords(schedule, tag)}`.trim();
}

/** Makes the rows of the schedule and keeps the sentence below them true. */
export function makeScheduleRows(): void {
  makeTypedRow('policy', parameterOf(node, 'policy'));
  makeTimeRow();
  makeTypedRow('repeatEveryHours', parameterOf(node, 'repeatEveryHours'));
  makeTypedRow('lastRunHour', parameterOf(node, 'lastRunHour'));
  makeDaysRow();
  const lastField = byId('node-input-lastRunHour');
  const daysField = byId('node-input-runDays');
  if (lastField === null || daysField === null) return;
  const note = make('div', { className: 'active-backup-note', attributes: { 'aria-live': 'polite' } });
  rowOf(daysField).after(note);
  const redraw = () => {
    const once = fixedNumber('repeatEveryHours') === 0;
    setShown(rowOf(lastField), !once);
    note.textContent = sentence();
  };
  for (const name of ['policy', 'startHour', 'startMinute', 'repeatEveryHours', 'lastRunHour', 'runDays', 'nas']) {
    $(`#node-input-${name}`).on('change', redraw);
  }
  redraw();
}
