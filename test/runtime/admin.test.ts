// The admin endpoints with Node-RED's own login: who may what, where stored secrets go, and that none comes back.
import assert from 'node:assert/strict';
import { Endings } from '../helpers/endings';
import { AdminApi, type AdminAnswer, type AdminRequest } from '../helpers/node-red-admin';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

interface TestAnswer {
  ok: boolean;
  code?: string;
  steps: { step: string; ok: boolean; text?: string; detail?: string | number }[];
  fingerprintSha256: string | null;
}

const endpoints: { path: string; request: AdminRequest; forReaders: boolean }[] = [
  { path: 'active-backup/nas/tasks', request: {}, forReaders: true },
  { path: 'active-backup/test', request: { method: 'POST', body: {} }, forReaders: false },
  { path: 'active-backup/nas/pair', request: { method: 'POST', body: { otp: '000000' } }, forReaders: false },
  { path: 'active-backup/nas/support', request: {}, forReaders: false },
];

const users = [
  { username: 'writer', password: 'w', permissions: '*' },
  { username: 'reader', password: 'r', permissions: 'read' },
  { username: 'operator', password: 'o', permissions: ['active-backup-nas.read', 'active-backup-nas.write'] },
  { username: 'stranger', password: 's', permissions: ['inject.write'] },
];

describe('the admin endpoints in a real Node-RED with logins', function () {
  this.timeout(60_000);
  const endings = new Endings();
  let nas: Simulator;
  let other: Simulator;
  let nodeRed: NodeRedProcess;
  const api = new Map<string, AdminApi>();
  const answers: AdminAnswer[] = [];
  const everSecret = new Set<string>();

  const noteSecrets = (): void => {
    for (const one of [nas, other]) for (const secret of one.secrets()) everSecret.add(secret);
  };
  const ask = async (user: string, path: string, request: AdminRequest = {}): Promise<AdminAnswer> => {
    const answer = await (api.get(user) ?? new AdminApi(nodeRed.url)).request(path, request);
    answers.push(answer);
    noteSecrets();
    return answer;
  };
  const test = async (body: object): Promise<TestAnswer> => {
    const answer = await ask('writer', 'active-backup/test', { method: 'POST', body });
    assert.equal(answer.status, 200, answer.text);
    return answer.json as TestAnswer;
  };
  const asDeployed = (): object => ({
    id: 'nas',
    url: nas.url,
    username: nas.username,
    tls: '',
    verifyCertificate: true,
    certificateSha256: nas.fingerprint,
  });

  before(async () => {
    nas = endings.add(
      await startSimulator({ tls: true, sample: 'seed', tasks: 2, password: 'canary "pass" wörd & 100%' }),
      (one) => one.close(),
    );
    other = endings.add(
      await startSimulator({ tls: true, username: nas.username, autoBlock: { enabled: false } }),
      (one) => one.close(),
    );
    nodeRed = endings.add(await startNodeRed({ users }), (one) => one.stop());
    for (const { username, password } of users) {
      const client = new AdminApi(nodeRed.url);
      // Without a scope it is the user's own.
      await client.login(username, password, '');
      api.set(username, client);
    }
    nodeRed.admin.token = api.get('writer')?.token ?? null;
    await nodeRed.deploy([
      nasNode(nas, { certificateSha256: nas.fingerprint, pollSeconds: 5 }),
      ...probed(bare('get-tasks')),
      ...probed(bare('watch')),
    ]);
    noteSecrets();
  });
  after(() => endings.all());

  for (const { path, request, forReaders } of endpoints) {
    it(`${request.method ?? 'GET'} ${path}: 401 without a login, ${forReaders ? 'an answer' : '403'} for readers`, async () => {
      nas.clearRequests();
      assert.equal((await ask('nobody', path, request)).status, 401);
      assert.equal((await ask('nobody', path, { ...request, headers: { authorization: 'Bearer none' } })).status, 401);
      assert.equal((await ask('reader', path, request)).status, forReaders ? 200 : 403);
      assert.equal((await ask('stranger', path, request)).status, 403);
      if (!forReaders)
        assert.deepEqual(
          nas.requests.filter(({ method }) => method === 'login' || method === 'get_all_log'),
          [],
        );
      assert.equal((await ask('writer', path, request)).status, 200);
    });

    it(`${request.method ?? 'GET'} ${path}: refuses requests from other web pages`, async () => {
      const foreign: Record<string, string>[] = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: new URL(nodeRed.url).origin, 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const headers of foreign) {
        const answer = await ask('writer', path, { ...request, headers });
        assert.equal(answer.status, 403, JSON.stringify(headers));
      }
      const own = { origin: new URL(nodeRed.url).origin };
      assert.equal((await ask('writer', path, { ...request, headers: own })).status, 200);
    });
  }

  it('lets nobody probe addresses who may not write flows', async () => {
    other.clearRequests();
    const body = { url: other.url, username: other.username, password: other.password, verifyCertificate: false };
    const answer = await ask('operator', 'active-backup/test', { method: 'POST', body });
    assert.equal(answer.status, 403);
    assert.equal(other.requests.length, 0);
    assert.equal((await ask('operator', 'active-backup/nas/support')).status, 200);
  });

  it('lists tasks for the pickers', async () => {
    const answer = (await ask('reader', 'active-backup/nas/tasks')).json as { ok: boolean; tasks: object[] };
    assert.equal(answer.ok, true);
    assert.deepEqual(Object.keys(answer.tasks[0] ?? {}), ['id', 'name', 'activity', 'result']);
    const unknown = (await ask('reader', 'active-backup/nobody/tasks')).json as { ok: boolean; code: string };
    assert.deepEqual([unknown.ok, unknown.code], [false, 'NOT_CONFIGURED']);
  });

  it('tests the deployed connection with the stored password, every step with a line', async () => {
    const answer = await test(asDeployed());
    assert.deepEqual(
      answer.steps.map(({ step, ok }) => [step, ok]),
      ['address', 'certificate', 'login', 'administrator', 'package', 'tasks'].map((step) => [step, true]),
    );
    assert.match(String(answer.steps[4]?.detail), /^\d+\.\d+/);
    assert.equal(answer.steps[5]?.detail, 3);
    assert.equal(answer.fingerprintSha256, nas.fingerprint.replaceAll(':', '').toLowerCase());
    assert.equal(nas.openSessions, 1);
  });

  it('never sends a stored password to another address, user or with other trust', async () => {
    other.clearRequests();
    nas.clearRequests();
    const changed: object[] = [
      { url: other.url, certificateSha256: other.fingerprint },
      { url: other.url, certificateSha256: other.fingerprint, password: '' },
      { url: `${nas.url}/` },
      { url: nas.url.replace('127.0.0.1', 'localhost') },
      { username: 'somebody' },
      { verifyCertificate: false },
      { certificateSha256: '' },
      { certificateSha256: other.fingerprint },
      { tls: 'other-tls' },
      { id: 'nobody' },
    ];
    for (const change of changed) {
      const answer = await test({ ...asDeployed(), ...change });
      assert.equal(answer.ok, false);
      assert.equal(answer.code, 'NOT_CONFIGURED', JSON.stringify([change, answer]));
    }
    assert.equal(other.requests.length, 0);
    assert.equal(nas.count('login'), 0);
  });

  const failures: { name: string; body: () => object; step: string; before?: () => void; after?: () => void }[] = [
    { name: 'a wrong password', body: () => ({ password: 'wrong' }), step: 'login' },
    { name: 'an unverified certificate', body: () => ({ certificateSha256: '' }), step: 'certificate' },
    { name: 'the wrong pin', body: () => ({ certificateSha256: 'ab'.repeat(32) }), step: 'certificate' },
    { name: 'a closed port', body: () => ({ url: 'https://127.0.0.1:9' }), step: 'address' },
    { name: 'no address', body: () => ({ url: 'nas' }), step: 'address' },
    {
      name: 'an account that is no administrator',
      body: () => ({}),
      step: 'administrator',
      before: () => (other.account.administrator = false),
      after: () => (other.account.administrator = true),
    },
    {
      name: 'a stopped package',
      body: () => ({}),
      step: 'package',
      before: () => other.stopPackage(),
      after: () => other.startPackage(),
    },
    {
      name: 'a missing package',
      body: () => ({}),
      step: 'package',
      before: () => (other.switches.packageState = 'missing'),
      after: () => (other.switches.packageState = 'running'),
    },
    {
      name: 'a web server that is no NAS',
      body: () => ({}),
      step: 'address',
      before: () => other.faults.add({ kind: 'html', status: 200 }),
      after: () => other.faults.clear(),
    },
  ];
  for (const { name, body, step, before: begin, after: end } of failures) {
    it(`a test with ${name} fails at the ${step}, and claims nothing that was not seen`, async () => {
      begin?.();
      other.clearRequests();
      const pin = other.fingerprint;
      const base = { url: other.url, username: other.username, password: other.password, certificateSha256: pin };
      const answer = await test({ ...base, ...body() });
      end?.();
      assert.equal(answer.ok, false);
      const failed = answer.steps.filter(({ ok }) => !ok);
      assert.deepEqual(
        failed.map((one) => one.step),
        [step],
        JSON.stringify(answer),
      );
      assert.ok((failed[0]?.text?.length ?? 0) > 20);
      const order = ['address', 'certificate', 'login', 'administrator', 'package', 'tasks'];
      assert.ok(
        answer.steps.every((one) => order.indexOf(one.step) <= order.indexOf(step)),
        JSON.stringify(answer),
      );
      const loggedIn = other.requests.some(({ method, result }) => method === 'login' && result === 'ok');
      assert.equal(
        answer.steps.some((one) => one.step === 'login' && one.ok),
        loggedIn,
      );
      assert.ok(other.count('login') <= 1);
      assert.equal(other.openSessions, 0);
    });
  }

  it('shows the certificate that was refused, so that a person can pin it, and the pin then works', async () => {
    const base = { url: other.url, username: other.username, password: other.password };
    const refused = await test(base);
    assert.equal(refused.ok, false);
    const pinned = await test({ ...base, certificateSha256: refused.fingerprintSha256 });
    assert.equal(pinned.ok, true, JSON.stringify(pinned));
  });

  it('sends nothing to another server at the pinned address', async () => {
    await nas.goAway();
    const impostor = await startSimulator({ tls: true, port: nas.port });
    assert.equal(codeOf(await nodeRed.call('get-tasks', {})), 'TLS');
    assert.equal(nodeRed.statusOf('get-tasks')?.text, 'certificate refused');
    assert.equal((await test(asDeployed())).ok, false);
    assert.equal(impostor.requests.length, 0);
    await impostor.close();
    await nas.comeBack();
    assert.equal((await nodeRed.call('get-tasks', {})).error, null);
  });

  it('gives a support bundle with a raw answer of each method and nothing personal', async () => {
    const answer = await ask('writer', 'active-backup/nas/support');
    const { ok, bundle } = answer.json as { ok: boolean; bundle: Record<string, Record<string, unknown>> };
    assert.equal(ok, true);
    assert.deepEqual(Object.keys(bundle), ['versions', 'settings', 'health', 'requests', 'answers']);
    assert.deepEqual(Object.keys(bundle.answers ?? {}).sort(), [
      'get_all_log',
      'get_general_log',
      'get_task_setting',
      'get_worker_count',
      'list_task_logs',
      'list_tasks',
    ]);
    for (const [method, data] of Object.entries(bundle.answers ?? {})) {
      assert.ok(typeof data === 'object' && data !== null && !('error' in data), `${method}: ${JSON.stringify(data)}`);
    }
    for (const personal of [nas.username, '127.0.0.1', String(nas.port), 'office', ...namesIn(nas)]) {
      assert.ok(!answer.text.includes(personal), `${personal} is in the bundle`);
    }
    const records = bundle.requests as unknown as Record<string, unknown>[];
    assert.ok(records.length > 5 && records.length <= 200);
    for (const record of records) {
      assert.deepEqual(Object.keys(record), ['api', 'method', 'code', 'durationMs', 'atMs']);
    }
  });

  it('answered with no secret, whoever asked what', () => {
    const found = answers.flatMap(({ text }) =>
      [...everSecret].filter((secret) => secret.length > 3 && text.includes(secret)),
    );
    assert.deepEqual(found, []);
    assert.ok(answers.length > 50 && everSecret.size > 10);
    for (const { headers, status } of answers)
      if (status === 200) assert.equal(headers.get('cache-control'), 'no-store');
  });
});

/** Names, addresses and ids that the simulated NAS's answers hold. */
function namesIn(nas: Simulator): string[] {
  const found = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [name, entry] of Object.entries(value)) visit(entry, name);
    } else if (
      typeof value === 'string' &&
      value.length > 3 &&
      /name|mail|email|_id$|url|domain|path|shared/.test(key)
    ) {
      found.add(value);
    }
  };
  for (const task of nas.tasks()) visit(task.setting, '');
  return [...found].filter((text) => !/^[\d,]+$/.test(text));
}
