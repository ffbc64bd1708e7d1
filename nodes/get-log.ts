// Reads the package's log, or the log of one task: one page, all pages, or what is new since the last time.
import type { NodeAPI } from 'node-red';
import { fields, invalidInput, optional, rawOf, withDefault, type LogPage } from '../lib/active-backup';
import { countText, identifyTask, readNewEntries, registerAction } from '../lib/node-red';

export = (RED: NodeAPI): void => {
  registerAction(RED, {
    type: 'active-backup-get-log',
    parameters: {
      taskId: optional(fields.taskId, 'task_id'),
      offset: withDefault(fields.offset, 0),
      limit: withDefault(fields.limit, 200),
      keyWord: withDefault(fields.keyWord, '', 'key_word'),
      fetchAll: withDefault(fields.fetchAll, false),
      maxEntries: withDefault(fields.maxEntries, 5000),
      onlyNew: withDefault(fields.onlyNew, false),
    },
    busyText: 'reading log',
    async run({ input, connect, signal, sendEarly, node, definition, msg }) {
      const { taskId, keyWord, limit, fetchAll, maxEntries, onlyNew } = input;
      if (taskId === undefined && keyWord !== '') {
        throw invalidInput('keyWord', keyWord, "none without a taskId: only a task's log can be searched");
      }
      const { client, settings } = connect();
      const id = taskId === undefined ? null : await identifyTask(client, taskId, signal);
      const readPage = (offset: number, most: number): Promise<LogPage> =>
        id === null
          ? client.getPackageLog({ offset, limit: most }, { signal })
          : client.getTaskLog({ taskId: id, offset, limit: most, keyWord }, { signal });
      const details = { method: id === null ? 'get_package_log' : 'get_task_log', taskId: id };

      if (onlyNew) {
        const store =
          typeof definition.contextStore === 'string' && definition.contextStore !== ''
            ? definition.contextStore
            : undefined;
        const place = { nas: settings.slug, taskId: id, keyWord, store };
        const found = await readNewEntries(node, place, readPage, { limit, maxEntries });
        const answer = { entries: found.entries, offset: 0, limit, more: found.more };
        return {
          ...details,
          answer,
          raw: found.raw,
          summary: countText(found.entries.length, 'new entry', 'new entries'),
        };
      }

      if (!fetchAll) {
        const answer = await readPage(input.offset, limit);
        return {
          ...details,
          answer,
          raw: rawOf(answer),
          summary: countText(answer.entries.length, 'entry', 'entries'),
        };
      }

      const partsId = RED.util.generateId();
      const raw = definition.output === 'raw';
      let { offset } = input;
      for (let index = 0, left = maxEntries; ; index += 1) {
        const page = await readPage(offset, Math.min(limit, left));
        left -= page.entries.length;
        offset += page.entries.length;
        const last = !page.more || left <= 0;
        const parts = {
          ...(typeof msg.parts === 'object' && msg.parts !== null ? { parts: msg.parts } : {}),
          id: partsId,
          index,
          type: 'array',
          len: 1,
        };
        if (last) {
          const extra = { parts: { ...parts, count: index + 1 } };
          const summary = countText(offset - input.offset, 'entry', 'entries');
          return { ...details, answer: page, raw: rawOf(page), summary, extra };
        }
        sendEarly(0, raw ? rawOf(page) : page, details, { parts });
      }
    },
  });
};
