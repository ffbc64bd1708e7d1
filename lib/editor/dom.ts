// Making elements without HTML text: names of tasks come from tenants and must never be read as markup.

/** Attributes and the text of an element to make. */
export interface ElementParts {
  className?: string;
  text?: string;
  attributes?: Record<string, string>;
  children?: (HTMLElement | null)[];
}

/** An element with its parts. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  parts: ElementParts = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (parts.className !== undefined) element.className = parts.className;
  if (parts.text !== undefined) element.textContent = parts.text;
  for (const [name, value] of Object.entries(parts.attributes ?? {})) element.setAttribute(name, value);
  for (const child of parts.children ?? []) if (child !== null) element.append(child);
  return element;
}

/** A button in Node-RED's look; the icon says nothing to a screen reader, the label does. */
export function makeButton(icon: string, label: string, showLabel: boolean): HTMLButtonElement {
  const button = make('button', {
    className: 'red-ui-button',
    attributes: { type: 'button', ...(showLabel ? {} : { 'aria-label': label, title: label }) },
    children: [make('i', { className: `fa ${icon}`, attributes: { 'aria-hidden': 'true' } })],
  });
  if (showLabel) button.append(` ${label}`);
  return button;
}

/** An element of the open dialog, or null where the dialog has none. */
export function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

/** The row that an element stands in. */
export function rowOf(element: HTMLElement): HTMLElement {
  return element.closest<HTMLElement>('.form-row') ?? element;
}

/** Shows or hides. `hidden` alone loses against the display that Node-RED's style sheet gives to rows. */
export function setShown(element: HTMLElement | null, shown: boolean): void {
  element?.classList.toggle('active-backup-hidden', !shown);
}

/** The text in an input, select or text area of the dialog. */
export function inputValue(id: string): string {
  const element = byId(id);
  if (element instanceof HTMLInputElement || element instanceof HTMLSelectElement) return element.value;
  return '';
}

/** Whether a check box of the dialog is ticked. */
export function isTicked(id: string): boolean {
  const element = byId(id);
  return element instanceof HTMLInputElement && element.checked;
}
