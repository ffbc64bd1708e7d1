// Starting and canceling runs: what is looked at before, and what is said when an answer is lost.
import assert from 'node:assert/strict';
import { DsmError } from '../../../../lib/dsm';
import { asked, cleanUp, clientOf, lostAnswer, rejects, startRig, StubSession } from './support';

const running = { status: 4, job_id: 8, progress_list: [{}] };

/** A session whose list gives these tasks one after another, the last again and again. */
function listing(states: Record<string, unknown>[], write: () => unknown): StubSession {
  let reads = 0;
  return new StubSession(({ method }) => {
    if (method !== 'list_tasks') return write();
    const state = states[Math.min(reads, states.length - 1)];
    reads += 1;
    return state === undefined ? lostAnswer() : { tasks: [{ task_id: 1, task_name: 'Mail', ...state }] };
  });
}

describe('runBackup', () => {
  afterEach(cleanUp);

  it('starts an idle task and tells the run that the NAS showed before', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail' }] } });
    const previousRunId = nas.task(1).state.executionId;
    const answer = await client.runBackup({ taskId: 'Mail' });
    assert.deepEqual(answer, { taskId: 1, taskName: 'Mail', started: true, alreadyRunning: false, previousRunId });
    assert.equal(nas.task(1).running, true);
  });

  it('sends nothing to a running task, and says so or refuses', async () => {
    const { nas, client } = await startRig();
    nas.task(1).start({ outcome: 'hung' });
    for (const ifRunning of ['report', 'join']) {
      const answer = await client.runBackup({ taskId: 1, ifRunning });
      assert.deepEqual([answer.started, answer.alreadyRunning], [false, true]);
    }
    await rejects(client.runBackup({ taskId: 1, ifRunning: 'refuse' }), 'TASK_RUNNING', /already running/, 'not_sent');
    assert.equal(nas.count('backup_task'), 0);
  });

  for (const sign of [{ status: 4 }, { job_id: '9' }, { job_id: -1 }, { progress_list: [{}] }]) {
    it(`takes ${JSON.stringify(sign)} alone for a running task`, async () => {
      const session = listing([{ status: 1, job_id: 0, progress_list: [], ...sign }], () => assert.fail('sent'));
      assert.equal((await clientOf(session).runBackup({ taskId: 1 })).alreadyRunning, true);
    });
  }

  it('answers TASK_NOT_FOUND with the candidates and sends nothing', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail' }] } });
    await rejects(client.runBackup({ taskId: 7 }), 'TASK_NOT_FOUND', /1 \("Mail"\)/);
    await rejects(client.runBackup({ taskId: 'Files' }), 'TASK_NOT_FOUND');
    assert.equal(nas.count('backup_task'), 0);
  });

  it('says alreadyRunning when somebody else started the task between the look and the call', async () => {
    const refusal = (): DsmError => new DsmError('BUSY', 'refused', { dsmCode: 117, outcome: 'refused' });
    const raced = (): StubSession => listing([{ status: 1 }, running], refusal);
    assert.equal((await clientOf(raced()).runBackup({ taskId: 1 })).alreadyRunning, true);
    await rejects(clientOf(raced()).runBackup({ taskId: 1, ifRunning: 'refuse' }), 'TASK_RUNNING');
    await rejects(clientOf(listing([{ status: 1 }], refusal)).runBackup({ taskId: 1 }), 'BUSY');
  });

  it('sends once and says started when the answer is lost and the task runs', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ runs: [{ outcome: 'hung' }] }] } });
    nas.faults.add({ method: 'backup_task', kind: 'reset', when: 'after', times: 1 });
    assert.equal((await client.runBackup({ taskId: 1 })).started, true);
    assert.equal(nas.count('backup_task'), 1);
  });

  it('says started when the answer is lost and a new run has ended already', async () => {
    const session = listing(
      [
        { status: 1, task_execution_id: 5 },
        { status: 1, task_execution_id: 6 },
      ],
      lostAnswer,
    );
    assert.equal((await clientOf(session).runBackup({ taskId: 1 })).started, true);
  });

  it('says OUTCOME_UNKNOWN when the answer is lost and nothing tells', async () => {
    const { nas, client } = await startRig();
    nas.faults.add({ method: 'backup_task', kind: 'reset', when: 'before', times: 1 });
    await rejects(client.runBackup({ taskId: 1 }), 'OUTCOME_UNKNOWN', /Starting task 1/, 'unknown');
    assert.equal(nas.count('backup_task'), 1);
    const blind = listing([{ status: 1 }], lostAnswer);
    let looks = 0;
    const gone = new StubSession(({ method }) => {
      if (method !== 'list_tasks') return lostAnswer();
      looks += 1;
      return looks === 1 ? { tasks: [{ task_id: 1, status: 1 }] } : lostAnswer();
    });
    await rejects(clientOf(blind).runBackup({ taskId: 1 }), 'OUTCOME_UNKNOWN');
    await rejects(clientOf(gone).runBackup({ taskId: 1 }), 'OUTCOME_UNKNOWN', /state cannot be read/);
    assert.deepEqual(gone.methods, ['list_tasks', 'backup_task', 'list_tasks']);
  });

  it('starts once for two messages at the same time', async () => {
    const { nas, client, session } = await startRig({ nas: { tasks: [{ runs: [{ outcome: 'hung' }] }] } });
    const answers = await Promise.all([client.runBackup({ taskId: 1 }), clientOf(session).runBackup({ taskId: 1 })]);
    assert.deepEqual(
      answers.map(({ started }) => started),
      [true, false],
    );
    assert.equal(nas.count('backup_task'), 1);
  });
});

describe('cancelBackup', () => {
  afterEach(cleanUp);

  it('cancels the job that runs', async () => {
    const { nas, client } = await startRig({ nas: { tasks: [{ name: 'Mail' }] } });
    nas.task(1).start({ outcome: 'hung' });
    const jobId = nas.task(1).state.run?.jobId;
    const answer = await client.cancelBackup({ taskId: 1 });
    assert.deepEqual([answer.taskName, answer.canceled, answer.wasRunning, answer.jobId], ['Mail', true, true, jobId]);
  });

  it('sends nothing to an idle task', async () => {
    const { nas, client } = await startRig();
    const answer = await client.cancelBackup({ taskId: 1 });
    assert.deepEqual([answer.canceled, answer.wasRunning], [false, false]);
    assert.deepEqual(asked(nas), ['list_tasks']);
  });

  it('does not guess a job where the NAS names none', async () => {
    const session = listing([{ status: 4, job_id: 0 }], () => assert.fail('sent'));
    await rejects(clientOf(session).cancelBackup({ taskId: 1 }), 'INVALID_RESPONSE', /names no job/);
  });

  it('waits a moment for the job of a run that just began', async () => {
    const noJob = { status: 4, job_id: 0 };
    const session = listing([noJob, noJob, running], () => undefined);
    const answer = await clientOf(session).cancelBackup({ taskId: 1 });
    assert.deepEqual([answer.canceled, answer.jobId], [true, 8]);
    assert.equal(session.calls.at(-1)?.params?.job_id, 8);
    assert.deepEqual(session.methods, ['list_tasks', 'list_tasks', 'list_tasks', 'cancel_task']);
    const over = await clientOf(listing([noJob, { status: 1 }], () => assert.fail('sent'))).cancelBackup({ taskId: 1 });
    assert.equal(over.canceled, false);
  });

  it('says how a run ended when the answer is lost', async () => {
    const after = async (state: Record<string, unknown>): Promise<unknown> => {
      const { canceled, wasRunning } = await clientOf(listing([running, state], lostAnswer)).cancelBackup({
        taskId: 1,
      });
      return [canceled, wasRunning];
    };
    assert.deepEqual(await after({ status: 7, job_id: 0 }), [true, true]);
    assert.deepEqual(await after({ status: 1, job_id: 0 }), [false, true]);
    await rejects(after(running), 'OUTCOME_UNKNOWN', /still goes on/);
    await rejects(after({ status: 5, job_id: 0 }), 'OUTCOME_UNKNOWN');
  });

  it('says that the run ended by itself when the NAS refuses because it is over', async () => {
    const { nas, client } = await startRig();
    nas.switches.codes.cancelIdle = 117;
    nas.task(1).start({ outcome: 'hung' });
    nas.mutate('list_tasks', (data) => {
      // Ends the run right after the first look at it.
      if (nas.task(1).running) nas.task(1).finish({ outcome: 'success' });
      return data;
    });
    const { canceled, wasRunning } = await client.cancelBackup({ taskId: 1 });
    assert.deepEqual([canceled, wasRunning], [false, true]);
  });
});
