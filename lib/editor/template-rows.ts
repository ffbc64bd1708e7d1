// The rows that many dialogs have, written out once: a template only names them. Pure; the editor puts the result back.

const shared = '@nas-flows/node-red-active-backup-m365/nas:common';

/** A row whose label says what the field beside it is for; the space between them is part of the layout. */
function labelled(id: string, icon: string, key: string, field: string): string {
  return `<div class="form-row"><label for="${id}"><i class="fa ${icon}"></i> <span data-i18n="${key}"></span></label> ${field}</div>`;
}

function textField(id: string, rest = ''): string {
  return `<input type="text" id="${id}"${rest}>`;
}

function hiddenField(id: string): string {
  return `<input type="hidden" id="${id}">`;
}

/** Rows that stand in several dialogs with the same label. */
const commonRows: Readonly<Record<string, string>> = {
  name: labelled(
    'node-input-name',
    'fa-tag',
    'node-red:common.label.name',
    textField('node-input-name', ' data-i18n="[placeholder]node-red:common.label.name"'),
  ),
  nas: labelled(
    'node-input-nas',
    'fa-server',
    `${shared}.nas`,
    textField('node-input-nas', ' style="width: calc(100% - 160px)"'),
  ),
  task: labelled(
    'node-input-taskId',
    'fa-cloud',
    `${shared}.task`,
    textField('node-input-taskId') + hiddenField('node-input-taskIdType') + hiddenField('node-input-taskLabel'),
  ),
  answer:
    `<div class="active-backup-heading" data-i18n="${shared}.answer"></div>` +
    labelled(
      'node-input-resultProperty',
      'fa-sign-out',
      `${shared}.resultProperty`,
      textField('node-input-resultProperty'),
    ) +
    labelled(
      'node-input-output',
      'fa-file-text-o',
      `${shared}.output`,
      `<select id="node-input-output"><option value="fields" data-i18n="${shared}.outputFields"></option>` +
        `<option value="raw" data-i18n="${shared}.outputRaw"></option></select>`,
    ),
};

/** A parameter `p`, stored as `p` and `pType`. */
function parameterRow(name: string, icon: string): string {
  const id = `node-input-${name}`;
  return labelled(id, icon, `label.${name}`, textField(id) + hiddenField(`${id}Type`));
}

/** A setting that is on or off. */
function tickRow(id: string): string {
  const name = id.replace(/^.*-/, '');
  return `<div class="form-row"><input type="checkbox" id="${id}"> <label for="${id}" data-i18n="label.${name}"></label></div>`;
}

/**
 * Writes out the rows that a template names: `<div data-common="task">` is one that several dialogs share,
 * `<div data-parameter="limit" data-icon="fa-list-ol">` a parameter, `<div data-tick="node-input-control">` a check box.
 */
export function expandTemplate(template: string): string {
  return template
    .replace(/<div data-common="(\w+)"><\/div>/g, (place, name: string) => commonRows[name] ?? place)
    .replace(/<div data-parameter="(\w+)" data-icon="([\w-]+)"><\/div>/g, (_place, name: string, icon: string) =>
      parameterRow(name, icon),
    )
    .replace(/<div data-tick="([\w-]+)"><\/div>/g, (_place, id: string) => tickRow(id));
}
