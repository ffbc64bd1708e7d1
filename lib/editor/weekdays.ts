// The seven days as toggles in the order and the language of the user. Stored as the wire's numbers, "1,2,3", 0 = Sunday.
import { make } from './dom';
import { fields } from './rules';
import { language, locale } from './texts';

/** A Sunday, so that adding the number of a day gives a date of that weekday. */
const aSunday = Date.UTC(2023, 0, 1);
const dayMs = 86_400_000;

/** The name of a weekday in a language. */
export function dayName(day: number, tag: string, width: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(tag, { weekday: width, timeZone: 'UTC' }).format(aSunday + day * dayMs);
}

interface WithWeekInfo {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
}

/** The week's days in the order of a language's countries; browsers without week data start on Monday. */
export function daysInOrder(tag: string): number[] {
  const locale: Intl.Locale & WithWeekInfo = new Intl.Locale(tag);
  const firstDay = (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
  return Array.from({ length: 7 }, (_, index) => (firstDay + index) % 7);
}

/** The days in a stored list, ascending; null when the list is not one. */
export function readDays(value: string): number[] | null {
  try {
    return fields.runDays.parse(value);
  } catch {
    return null;
  }
}

/** Seven toggles for the stored days; `change` gets the new list after each press. */
export function drawWeekdays(stored: string, change: (value: string) => void): HTMLElement {
  const pressed = new Set(readDays(stored) ?? []);
  const tag = language();
  const buttons = daysInOrder(locale()).map((day) => {
    const button = make('button', {
      text: dayName(day, tag, 'short'),
      attributes: { type: 'button', 'aria-pressed': String(pressed.has(day)), 'aria-label': dayName(day, tag, 'long') },
    });
    button.addEventListener('click', () => {
      if (pressed.has(day)) pressed.delete(day);
      else pressed.add(day);
      button.setAttribute('aria-pressed', String(pressed.has(day)));
      change([...pressed].sort((left, right) => left - right).join(','));
    });
    return button;
  });
  return make('span', {
    className: 'active-backup-days',
    attributes: { role: 'group', 'aria-labelledby': 'node-input-runDays-label' },
    children: buttons,
  });
}
