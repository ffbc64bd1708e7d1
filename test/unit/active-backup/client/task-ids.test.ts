// Which task a number or a text means.
import assert from 'node:assert/strict';
import { ActiveBackupError, resolveTask } from '../../../../lib/active-backup';

const tasks = [
  { id: 1, name: 'Mail' },
  { id: 2, name: '12' },
  { id: 12, name: 'Files' },
  { id: 13, name: 'Twin' },
  { id: 14, name: 'Twin' },
];

function refusal(reference: number | string, list = tasks): ActiveBackupError {
  try {
    resolveTask(reference, list);
  } catch (error) {
    assert.ok(error instanceof ActiveBackupError);
    return error;
  }
  return assert.fail('a task was found');
}

describe('resolveTask', () => {
  it('takes numbers as ids and never as names', () => {
    assert.equal(resolveTask(12, tasks).name, 'Files');
  });
  it('takes text as an exact name before an id made of digits', () => {
    assert.equal(resolveTask('12', tasks).id, 2);
    assert.equal(resolveTask('1', tasks).id, 1);
    assert.equal(resolveTask('Mail', tasks).id, 1);
  });
  it('refuses a name that two tasks have and names both', () => {
    const error = refusal('Twin');
    assert.equal(error.code, 'INVALID_INPUT');
    assert.match(error.message, /13 \("Twin"\), 14 \("Twin"\)/);
  });
  it('refuses a name in another case or with spaces and names the candidates', () => {
    for (const reference of ['mail', ' Mail', '0x1', '1.0', 99, '99']) {
      const error = refusal(reference);
      assert.equal(error.code, 'TASK_NOT_FOUND');
      assert.match(error.message, /1 \("Mail"\)/);
    }
  });
  it('names ten candidates at most', () => {
    const many = Array.from({ length: 500 }, (_element, index) => ({ id: index + 1, name: 'n'.repeat(200) }));
    const { message } = refusal('x', many);
    assert.match(message, /and 490 more/);
    assert.ok(message.length < 1000);
    assert.match(refusal(1, []).message, /lists no tasks/);
  });
});
