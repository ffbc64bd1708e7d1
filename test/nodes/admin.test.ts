// The admin endpoints where a lower tier than a real Node-RED can show what they make of a request.
import assert from 'node:assert/strict';
import helper from 'node-red-node-test-helper';
import { bare } from '../runtime/nas-flow';
import { type Simulator, startSimulator } from '../simulator';
import { type Bench, startBench, stopBenches } from './bench';

describe('a connection test', () => {
  let bench: Bench;
  let other: Simulator;
  before(async () => {
    bench = await startBench([bare('get-tasks')], { nas: { tasks: 1 } });
    other = await startSimulator({ tasks: 1 });
  });
  after(async () => {
    await stopBenches();
    await other.close();
  });

  const test = async (body: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { username, url } = bench.nas;
    const secrets = { password: '__PWRD__', deviceToken: '__PWRD__' };
    const answer = await helper
      .request()
      .post('/active-backup/test')
      .send({ id: 'nas', url, username, ...secrets, ...body });
    return answer.body as Record<string, unknown>;
  };

  it("takes the editor's sign for a stored secret as none given: the stored ones go to their own address", async () => {
    assert.equal((await test({})).ok, true);
  });

  it('reads the switch for the certificate as the deployed connection does: as text, and from a variable', async () => {
    process.env.ABM_TEST_VERIFY = 'true';
    for (const verifyCertificate of [true, 'true', '${ABM_TEST_VERIFY}', undefined]) {
      assert.equal((await test({ verifyCertificate })).ok, true, String(verifyCertificate));
    }
    process.env.ABM_TEST_VERIFY = 'false';
    for (const verifyCertificate of [false, 'false', '${ABM_TEST_VERIFY}']) {
      assert.equal((await test({ verifyCertificate })).code, 'NOT_CONFIGURED', String(verifyCertificate));
    }
    Reflect.deleteProperty(process.env, 'ABM_TEST_VERIFY');
  });

  it('sends that sign to no other address', async () => {
    const { ok, code } = await test({ url: other.url });
    assert.deepEqual([ok, code, other.requests.length], [false, 'NOT_CONFIGURED', 0]);
  });
});
