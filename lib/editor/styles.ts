// The dialogs' style sheet. Only Node-RED's own colours, so that light and dark themes both fit; its secondary text
// colour is too faint for WCAG's level AA in Node-RED 4, so smaller letters set notes apart instead.

const sheet = `
.active-backup-form { container-type: inline-size; min-width: 100%; }
@media (min-width: 1000px) { .active-backup-form { width: 540px; } }
.active-backup-form .form-row > label { width: 150px; vertical-align: top; padding-top: 6px; }
.active-backup-form .form-row > label > i { width: 16px; text-align: center; }
.active-backup-form .form-row > input[type=text],
.active-backup-form .form-row > input[type=password],
.active-backup-form .form-row > select { width: calc(100% - 160px); box-sizing: border-box; }
.active-backup-form .form-row > .red-ui-typedInput-container { width: calc(100% - 160px) !important; }
.active-backup-form .form-row > input[type=checkbox] { width: auto; margin: 9px 4px 0 154px; vertical-align: top; }
.active-backup-form .form-row > input[type=checkbox] + label { width: calc(100% - 190px); }
.active-backup-form .form-row > input.active-backup-short { width: 110px; }
.active-backup-form .red-ui-button:not(:disabled), .active-backup-panel .red-ui-button:not(:disabled) { color: var(--red-ui-primary-text-color) !important; }
.active-backup-form .active-backup-indent { margin-left: 154px; }
.active-backup-form .active-backup-hidden { display: none; }
.active-backup-form .active-backup-note { margin: -6px 6px 12px 154px; color: var(--red-ui-primary-text-color); font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
.active-backup-form .active-backup-note:empty { display: none; }
.active-backup-form .active-backup-note.active-backup-bad { color: var(--red-ui-text-color-error); }
.active-backup-form .active-backup-unit { margin-left: 6px; color: var(--red-ui-primary-text-color); }
.active-backup-form .active-backup-heading { margin: 18px 6px 10px 0; padding-bottom: 4px; font-weight: bold; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.active-backup-form details { margin: 0 0 12px; }
.active-backup-form details > summary { margin: 14px 6px 10px 0; padding-bottom: 4px; font-weight: bold; cursor: pointer; border-bottom: 1px solid var(--red-ui-secondary-border-color); }
.active-backup-form details > summary:focus-visible { outline: 2px solid var(--red-ui-form-input-focus-color); }
.active-backup-form .form-tips { max-width: none; margin: 0 6px 12px 0; }
.active-backup-form .active-backup-with-button > .red-ui-typedInput-container { width: calc(100% - 204px) !important; }
.active-backup-form .active-backup-with-button > .red-ui-button { width: 38px; margin-left: 6px; padding: 0; text-align: center; vertical-align: top; }
.active-backup-form .red-ui-typedInput-value-label { cursor: default; }
.active-backup-form .red-ui-typedInput-full-width { overflow: hidden; }
.active-backup-form .red-ui-typedInput-full-width .red-ui-typedInput-type-label { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.active-backup-form .active-backup-after { margin-top: 6px; }
.active-backup-form .active-backup-limit-list { display: inline-block; width: calc(100% - 160px); }
.active-backup-value { display: inline-block; max-width: 100%; padding: 0 6px; line-height: 32px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: top; }
.active-backup-days { display: flex; height: 32px; align-items: center; padding: 0 4px; gap: 3px; }
.active-backup-days button { flex: 1 1 0; min-width: 0; max-width: 46px; height: 24px; padding: 0; border: 1px solid var(--red-ui-form-input-border-color); border-radius: 3px; background: var(--red-ui-form-input-background); color: var(--red-ui-form-text-color); font-size: 12px; line-height: 22px; }
.active-backup-days button[aria-pressed=true] { background: var(--red-ui-workspace-button-background-primary); border-color: var(--red-ui-workspace-button-background-primary); color: var(--red-ui-workspace-button-color-primary); font-weight: bold; }
.active-backup-days button:focus-visible { outline: 2px solid var(--red-ui-form-input-focus-color); outline-offset: 1px; }
.active-backup-panel { padding: 8px; width: 380px; max-width: 92vw; box-sizing: border-box; color: var(--red-ui-primary-text-color); }
.active-backup-panel-search { display: flex; gap: 6px; }
.active-backup-panel-search input { flex: 1 1 auto; min-width: 0; margin: 0; }
.active-backup-panel-search button { flex: 0 0 38px; padding: 0; text-align: center; }
.active-backup-panel-status { padding: 8px 4px 2px; color: var(--red-ui-primary-text-color); font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
.active-backup-panel-status:empty { display: none; }
.active-backup-panel .active-backup-list { max-height: 230px; margin: 8px 0 0; padding: 0; overflow-y: auto; list-style: none; }
.active-backup-list li { padding: 5px 8px; border-radius: 3px; cursor: pointer; line-height: 18px; overflow-wrap: anywhere; }
.active-backup-list li:hover, .active-backup-list li.active-backup-active { background: var(--red-ui-list-item-background-hover); }
.active-backup-list li[aria-selected=true] { background: var(--red-ui-list-item-background-selected); }
.active-backup-list .active-backup-detail, .active-backup-ticks .active-backup-detail { display: block; color: var(--red-ui-primary-text-color); font-size: 12px; }
.active-backup-form .active-backup-ticks { display: inline-block; width: calc(100% - 160px); max-height: 190px; box-sizing: border-box; overflow-y: auto; padding: 4px 8px; border: 1px solid var(--red-ui-form-input-border-color); border-radius: 4px; vertical-align: top; }
.active-backup-form .active-backup-ticks label { display: flex; width: auto; margin: 3px 0; padding: 0; align-items: flex-start; line-height: 18px; overflow-wrap: anywhere; }
.active-backup-form .active-backup-ticks label > input { flex: 0 0 auto; width: auto; margin: 2px 7px 0 0; }
.active-backup-form .active-backup-ticks-columns { display: inline-grid; max-height: none; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); column-gap: 8px; }
.active-backup-form .active-backup-steps { margin: 8px 0 0; padding: 0; list-style: none; line-height: 20px; overflow-wrap: anywhere; }
.active-backup-form .active-backup-steps i { width: 18px; }
.active-backup-form .active-backup-certificate { overflow-wrap: anywhere; line-height: 18px; }
.active-backup-form .active-backup-certificate p { margin: 8px 0 6px; }
.active-backup-form .active-backup-good { color: var(--red-ui-text-color-success); }
.active-backup-form .active-backup-bad { color: var(--red-ui-text-color-error); }
.active-backup-form .active-backup-limit { display: flex; gap: 6px; align-items: center; margin-right: 24px; }
.active-backup-form .active-backup-limit input[type=text] { width: 90px; flex: 0 1 auto; min-width: 50px; margin: 0; }
.active-backup-form .active-backup-limit select { width: auto; flex: 1 1 auto; min-width: 80px; margin: 0; }
@container (max-width: 470px) {
  .active-backup-form .form-row > label { width: 100%; padding-bottom: 2px; }
  .active-backup-form .form-row > input[type=text]:not(.active-backup-short),
  .active-backup-form .form-row > input[type=password],
  .active-backup-form .form-row > select,
  .active-backup-form .form-row > .red-ui-typedInput-container,
  .active-backup-form .form-row > div[style*=inline-flex],
  .active-backup-form .active-backup-limit-list,
  .active-backup-form .active-backup-ticks { width: 100% !important; }
  .active-backup-form .active-backup-with-button > .red-ui-typedInput-container { width: calc(100% - 44px) !important; }
  .active-backup-form .form-row > input[type=checkbox] { margin-left: 0; }
  .active-backup-form .form-row > input[type=checkbox] + label { width: calc(100% - 30px); }
  .active-backup-form .active-backup-indent, .active-backup-form .active-backup-note { margin-left: 0; }
  .active-backup-form .active-backup-heading, .active-backup-form details > summary, .active-backup-form .form-tips { margin-right: 0; }
}
`;

/** Puts the style sheet into the page, once. */
export function addStyles(): void {
  const id = 'active-backup-style';
  if (document.getElementById(id) !== null) return;
  const element = document.createElement('style');
  element.id = id;
  element.textContent = sheet;
  document.head.append(element);
}
