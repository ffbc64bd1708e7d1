// Puts the dialogs' style sheet into the page.
import sheet from './dialogs.css';

/** Puts the style sheet into the page, once. */
export function addStyles(): void {
  const id = 'active-backup-style';
  if (document.getElementById(id) !== null) return;
  const element = document.createElement('style');
  element.id = id;
  element.textContent = sheet;
  document.head.append(element);
}
