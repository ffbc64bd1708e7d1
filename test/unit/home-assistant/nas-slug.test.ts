// A slug must not let the ids of one NAS be those of another NAS's tasks.
import assert from 'node:assert/strict';
import { readNasSettings } from '../../../lib/node-red/nas-settings';
import { packageObjectId, taskObjectId } from '../../../lib/home-assistant/topics';

const read = (changes: { id?: string; slug?: string }): string =>
  readNasSettings({ id: 'n1', url: 'https://nas.example:5001', ...changes }).slug;

describe('the slug of a NAS', () => {
  it('is refused where its ids would be those of a task of another NAS', () => {
    assert.equal(packageObjectId('office_task_1'), taskObjectId('office', 1));
    for (const slug of ['office_task_1', 'a_task_12', 'a_task_12_drive']) {
      assert.throws(
        () => read({ slug }),
        (error: Error & { code?: string }) => error.code === 'NOT_CONFIGURED' && error.message.includes(`"${slug}"`),
      );
    }
  });

  it('may hold the word task otherwise', () => {
    for (const slug of ['task_1', 'office_task', 'office_task_a', 'multitask_1']) assert.equal(read({ slug }), slug);
  });

  it('made from a node id is never refused', () => {
    assert.equal(read({ id: 'Office.task.1' }), 'nas_office_task1');
    assert.equal(read({ id: 'a1b2c3' }), 'nas_a1b2c3');
  });
});
