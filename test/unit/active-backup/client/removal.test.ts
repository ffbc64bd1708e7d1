// Deleting and relinking tasks: confirmations, and a look at the list before anything is called done.
import assert from 'node:assert/strict';
import { rawOf } from '../../../../lib/active-backup';
import { asked, cleanUp, clientOf, lostAnswer, noonMs, rejects, type Rig, startRig, StubSession } from './support';

const mail = { taskId: 1, confirm: 'Mail' };

const rigWithMail = (): Promise<Rig> => startRig({ nas: { tasks: [{ name: 'Mail' }, { name: 'Files' }] } });

describe('deleteTask', () => {
  afterEach(cleanUp);

  it('deletes the task whose name was given, keeps its data, and sees that it is gone', async () => {
    const { nas, client } = await rigWithMail();
    const answer = await client.deleteTask(mail);
    assert.deepEqual(answer, { taskId: 1, taskName: 'Mail', deleted: true, dataRemoved: false });
    assert.deepEqual(asked(nas), ['list_tasks', 'delete_task', 'list_tasks']);
    assert.deepEqual(
      nas.tasks().map(({ id }) => id),
      [2],
    );
  });

  it('removes the data only with the name given twice', async () => {
    const { nas, client } = await rigWithMail();
    await rejects(client.deleteTask({ ...mail, removeData: true }), 'NOT_CONFIRMED', /confirmRemoveData: missing/);
    assert.deepEqual(asked(nas), []);
    await rejects(
      client.deleteTask({ ...mail, removeData: true, confirmRemoveData: 'mail' }),
      'NOT_CONFIRMED',
      /"mail" is not it/,
    );
    assert.equal(nas.count('delete_task'), 0);
    const answer = await client.deleteTask({ ...mail, removeData: true, confirmRemoveData: 'Mail' });
    assert.equal(answer.dataRemoved, true);
  });

  for (const confirm of [undefined, '', 'mail', 'Mail ', 'Files', '1']) {
    it(`deletes nothing on the confirmation ${confirm === undefined ? 'that is missing' : JSON.stringify(confirm)}`, async () => {
      const { nas, client } = await rigWithMail();
      await rejects(client.deleteTask({ taskId: 1, confirm }), 'NOT_CONFIRMED', /^confirm: /, 'not_sent');
      assert.equal(nas.count('delete_task'), 0);
    });
  }

  it('asks for the present name, not for one that the task had', async () => {
    const { nas, client } = await rigWithMail();
    nas.task(1).rename('Post');
    await rejects(client.deleteTask(mail), 'NOT_CONFIRMED');
    await client.deleteTask({ taskId: 1, confirm: 'Post' });
  });

  it('refuses a running task and an unknown one', async () => {
    const { nas, client } = await rigWithMail();
    nas.task(1).start({ outcome: 'hung' });
    await rejects(client.deleteTask(mail), 'TASK_RUNNING', /cancel it first/);
    await rejects(client.deleteTask({ taskId: 9, confirm: 'Mail' }), 'TASK_NOT_FOUND');
    assert.equal(nas.count('delete_task'), 0);
  });

  it('says NOT_APPLIED where the NAS says yes and does nothing, after three looks', async () => {
    const { nas, client } = await rigWithMail();
    nas.faults.add({ method: 'delete_task', kind: 'accept-nothing' });
    await rejects(client.deleteTask(mail), 'NOT_APPLIED', /still lists the task/);
    assert.equal(nas.count('delete_task'), 1);
    assert.equal(nas.count('list_tasks'), 4);
  });

  it('is patient with a NAS that takes a moment to forget the task', async () => {
    let deleted = false;
    const session = new StubSession(({ method }) => {
      if (method === 'delete_task') deleted = true;
      return { tasks: [{ task_id: 1, task_name: 'Mail' }] };
    });
    const pauses: number[] = [];
    const forgetful = new StubSession(({ method }) => {
      if (method === 'delete_task') deleted = true;
      return { tasks: deleted && pauses.length === 2 ? [] : [{ task_id: 1, task_name: 'Mail' }] };
    });
    const pause = (ms: number): Promise<void> => {
      pauses.push(ms);
      return Promise.resolve();
    };
    assert.equal((await clientOf(forgetful, { pause }).deleteTask(mail)).deleted, true);
    assert.deepEqual(pauses, [1000, 3000]);
    await rejects(clientOf(session).deleteTask(mail), 'NOT_APPLIED');
  });

  it('sends once when the answer is lost: deleted where the task is gone, else OUTCOME_UNKNOWN', async () => {
    const { nas, client } = await rigWithMail();
    nas.faults.add({ method: 'delete_task', kind: 'reset', when: 'after', times: 1 });
    assert.equal((await client.deleteTask(mail)).deleted, true);
    nas.faults.add({ method: 'delete_task', kind: 'reset', when: 'before', times: 1 });
    await rejects(client.deleteTask({ taskId: 2, confirm: 'Files' }), 'OUTCOME_UNKNOWN', /still listed/, 'unknown');
    assert.equal(nas.count('delete_task'), 2);
  });
});

describe('relinkTask', () => {
  afterEach(cleanUp);

  const wish = { taskName: 'Mail', localShared: 'Share', localPath: '/folder/task_1', adminEmail: 'admin@example.com' };

  it('links what a deleted task left behind and finds the new task in the list', async () => {
    const { nas, client } = await rigWithMail();
    const [, localShared, ...rest] = nas.task(1).setting.local_path.split('/');
    await client.deleteTask(mail);
    const answer = await client.relinkTask({ ...wish, localShared, localPath: `/${rest.join('/')}` });
    assert.deepEqual(answer, { taskId: 3, taskName: 'Mail' });
    assert.deepEqual(rawOf(answer), { task_id: 3 });
    assert.ok(nas.tasks().some(({ id }) => id === 3));
  });

  it("hands on the NAS's refusal of a folder that is in use", async () => {
    const { nas, client } = await rigWithMail();
    const [, localShared, ...rest] = nas.task(1).setting.local_path.split('/');
    await rejects(client.relinkTask({ ...wish, localShared, localPath: `/${rest.join('/')}` }), 'BUSY');
    assert.equal(nas.count('relink_task'), 1);
  });

  it('says NOT_APPLIED where the answered task never shows', async () => {
    const { nas, client } = await rigWithMail();
    nas.answerWith('relink_task', { success: true, data: { task_id: 77 } });
    await rejects(client.relinkTask(wish), 'NOT_APPLIED', /task id 77/);
    nas.faults.add({ method: 'relink_task', kind: 'accept-nothing' });
    nas.answerWith('relink_task', null);
    await rejects(client.relinkTask({ ...wish, taskName: 'Other' }), 'NOT_APPLIED', /no task id/);
  });

  it('finds the new task by its name when the answer is lost, and never takes an old one for it', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail' }] } });
    nas.faults.add({ method: 'relink_task', kind: 'reset', when: 'after', times: 1 });
    assert.deepEqual(await client.relinkTask(wish), { taskId: 2, taskName: 'Mail' });
    nas.faults.add({ method: 'relink_task', kind: 'reset', when: 'before', times: 1 });
    await rejects(
      client.relinkTask({ ...wish, localPath: '/folder/task_2' }),
      'OUTCOME_UNKNOWN',
      /no such task is listed/,
    );
    assert.equal(nas.count('relink_task'), 2);
  });

  it('ends with ABORTED and an unknown outcome when the caller leaves while the list is looked at', async () => {
    const controller = new AbortController();
    const session = new StubSession(({ method }) => {
      if (method !== 'relink_task') return { tasks: [] };
      controller.abort();
      return lostAnswer();
    });
    const client = clientOf(session, { now: () => noonMs });
    await rejects(client.relinkTask(wish, { signal: controller.signal }), 'ABORTED', undefined, 'unknown');
    assert.deepEqual(session.methods, ['list_tasks', 'relink_task']);
  });
});
