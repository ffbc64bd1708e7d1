// Answers that no NAS should give, in their thousands: the methods that read answer rightly typed or INVALID_RESPONSE.
// FUZZ_RUNS says how many for each method, FUZZ_SEED repeats a run.
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ActiveBackupClient } from '../../lib/active-backup';
import { type DsmAnswer, type DsmCall, type DsmSession, isCodedError } from '../../lib/dsm';
import { dsmCodeError } from '../../lib/dsm/codes';
import { openEnvelope } from '../../lib/dsm/envelope';
import { cleanUp, buildHouse } from './house';
import { type Edit, edit, edits, textEdits, editText, type TextEdit } from './mutations';
import { answerSchemas, type ReadMethod } from './answer-schemas';

const runs = Number(process.env.FUZZ_RUNS ?? 2_000);
/** What a `Date` header can hold, or that there was none. */
const dates = fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 }));
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** How each method is called, and which answer of the NAS is mutated. */
const methods: Record<ReadMethod, { wire: string; call: (client: ActiveBackupClient) => Promise<unknown> }> = {
  getTasks: { wire: 'list_tasks', call: (client) => client.getTasks() },
  getPackageLog: { wire: 'get_general_log', call: (client) => client.getPackageLog({ limit: 50 }) },
  getTaskLog: { wire: 'get_all_log', call: (client) => client.getTaskLog({ taskId: 1, limit: 50 }) },
  getTaskSetting: {
    wire: 'get_task_setting',
    call: (client) => client.getTaskSetting({ taskId: 1, includeAccount: true, includeObjects: true }),
  },
  getWorkerCount: { wire: 'get_worker_count', call: (client) => client.getWorkerCount() },
  listRuns: { wire: 'list_task_logs', call: (client) => client.listRuns({ limit: 50 }) },
};

/** A session that answers with prepared data. */
function stubSession(answer: (call: DsmCall) => DsmAnswer): DsmSession {
  return {
    call: (call) => Promise.resolve().then(() => answer(call)),
    blocked: null,
    unblock: () => undefined,
    pairDevice: () => Promise.reject(new Error('not here')),
    counters: { logins: 0, requests: 0 },
    close: () => Promise.resolve(),
  };
}

/** The NAS's own answers, one of each method. */
async function realAnswers(): Promise<Map<string, unknown>> {
  const house = await buildHouse({
    nas: {
      sample: 'seed',
      tasks: [
        { name: 'Scheduled', policy: 'scheduled', schedule: { hour: 2 } },
        { name: 'Continuous', policy: 'continuous' },
      ],
    },
  });
  house.nas.tasks().at(-1)?.start();
  const answers = new Map<string, unknown>();
  const recording = stubSession(() => ({ data: null, dateMs: null }));
  recording.call = async (call) => {
    const answer = await house.session.call(call);
    answers.set(call.method, answer.data);
    return answer;
  };
  const client = new ActiveBackupClient({ session: recording, timeZone: 'UTC' });
  for (const { call } of Object.values(methods)) await call(client);
  await cleanUp();
  return answers;
}

describe(`mutated answers (FUZZ_RUNS=${runs} FUZZ_SEED=${seed})`, function () {
  this.timeout(600_000);
  let answers: Map<string, unknown>;
  const tally = new Map<string, number>();

  before(async () => {
    answers = await realAnswers();
  });
  after(() => console.log(`      ${JSON.stringify(Object.fromEntries(tally))}`));

  /** Calls the method on an answer and judges what comes of it. */
  async function judge(method: ReadMethod, respond: () => DsmAnswer): Promise<void> {
    const { wire, call } = methods[method];
    const refusals: string[] = [];
    const session = stubSession((asked) => {
      if (asked.method !== wire) return { data: answers.get(asked.method), dateMs: null };
      try {
        return respond();
      } catch (error) {
        if (isCodedError(error)) refusals.push(error.code);
        throw error;
      }
    });
    const client = new ActiveBackupClient({ session, timeZone: 'Europe/Berlin', now: () => Date.UTC(2026, 10, 22) });
    let answer: unknown;
    try {
      answer = await call(client);
    } catch (error) {
      assert.ok(isCodedError(error), `not one of our errors: ${String(error)}`);
      tally.set(error.code, (tally.get(error.code) ?? 0) + 1);
      // A refusal that DSM itself pronounced in a proper envelope keeps its meaning.
      assert.ok(error.code === 'INVALID_RESPONSE' || refusals.includes(error.code), `${error.code}: ${error.message}`);
      return;
    }
    tally.set('answered', (tally.get('answered') ?? 0) + 1);
    const checked = answerSchemas[method].safeParse(answer);
    assert.ok(checked.success, `wrong type in the answer: ${checked.error?.message ?? ''}`);
  }

  for (const method of Object.keys(methods) as ReadMethod[]) {
    it(`${method} answers the unharmed answer of the NAS in the promised types`, async () => {
      await judge(method, () => ({ data: answers.get(methods[method].wire), dateMs: null }));
      assert.equal(tally.get('INVALID_RESPONSE'), undefined);
      tally.clear();
    });
  }

  for (const method of Object.keys(methods) as ReadMethod[]) {
    it(`${method} answers in the promised types or with INVALID_RESPONSE, whatever stands in the answer's fields`, async () => {
      const property = fc.asyncProperty(edits, dates, async (list: Edit[], dateMs) => {
        const data = edit(answers.get(methods[method].wire), list);
        await judge(method, () => ({ data, dateMs }));
      });
      await fc.assert(property, { numRuns: runs, seed });
    });

    it(`${method} answers the same way when the text of the answer is damaged`, async () => {
      const property = fc.asyncProperty(edits, textEdits, async (list: Edit[], damage: TextEdit[]) => {
        const envelopeAsSent = edit({ success: true, data: answers.get(methods[method].wire) }, list);
        const body = editText(JSON.stringify(envelopeAsSent), damage);
        await judge(method, () => {
          const envelope = openEnvelope({ status: 200, body, dateMs: null, location: null }, 'nas.example:5001');
          if (!envelope.success) throw dsmCodeError({ api: 'SYNO.ActiveBackupOffice365', method, ...envelope });
          return { data: envelope.data, dateMs: null };
        });
      });
      await fc.assert(property, { numRuns: Math.ceil(runs / 4), seed });
    });
  }
});
