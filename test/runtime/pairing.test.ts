// Two-factor accounts in a real Node-RED: paired once with a code, from a script as from the dialog, then never again.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Endings } from '../helpers/endings';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { probed } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

interface PairAnswer {
  ok: boolean;
  deployNeeded?: boolean;
  code?: string;
  message?: string;
}

/** The files that Node-RED has written, without those it was given. */
function filesIn(folder: string): [string, string][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const own = names.filter((name) => !name.startsWith('node_modules') && statSync(join(folder, name)).isFile());
  return own.map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

for (const { dsm, field } of [
  { dsm: '7', field: 'device_id' },
  { dsm: '6', field: 'did' },
] as const) {
  describe(`pairing with DSM ${dsm}, where the token is called ${field}`, function () {
    this.timeout(60_000);
    const endings = new Endings();
    let nas: Simulator;
    let nodeRed: NodeRedProcess;
    const password = 'canary "password" & 100%';
    const everSecret = new Set<string>();
    const noteSecrets = (): void => {
      for (const secret of nas.secrets()) everSecret.add(secret);
    };

    const pair = async (otp: unknown): Promise<PairAnswer> => {
      const answer = await nodeRed.admin.request('active-backup/nas/pair', { method: 'POST', body: { otp } });
      assert.equal(answer.status, 200);
      noteSecrets();
      for (const secret of everSecret) assert.ok(!answer.text.includes(secret), 'a secret in the answer');
      return answer.json as PairAnswer;
    };

    before(async () => {
      nas = endings.add(await startSimulator({ dsm, tasks: 2, twoFactor: true, otp: '048216', password }), (one) =>
        one.close(),
      );
      nodeRed = endings.add(await startNodeRed({ env: { THE_PASSWORD: password } }), (one) => one.stop());
      // Node-RED puts the variable's value in its place: pairing must not write that value down.
      await nodeRed.deploy([
        nasNode(nas, { pollSeconds: 5, credentials: { password: '${THE_PASSWORD}' } }),
        ...probed(bare('get-tasks')),
        ...probed(bare('watch')),
        // What a user may look at while searching for a fault: everything that is caught and said, whole, in the log.
        { id: 'caught', type: 'catch', scope: null, uncaught: false, wires: [['shown']] },
        { id: 'said', type: 'status', scope: null, wires: [['shown']] },
        { id: 'shown', type: 'debug', active: true, tosidebar: true, console: true, complete: 'true', wires: [] },
      ]);
      noteSecrets();
    });
    after(() => endings.all());

    it('says that a code is needed, after one login', async () => {
      await nodeRed.waitForRecord(
        ({ about, kind, msg }) =>
          about === 'watch' && kind === 'status' && (msg.status as { text: string }).text === 'needs a 2FA code',
      );
      for (let again = 0; again < 5; again += 1) {
        assert.equal(codeOf(await nodeRed.call('get-tasks', {})), 'OTP_REQUIRED');
      }
      assert.equal(nas.count('login'), 1);
    });

    it('sends nothing that is no code of six digits', async () => {
      for (const wrong of ['', '12345', 'abcdef', '1234567', null, { digits: 1 }]) {
        assert.equal((await pair(wrong)).code, 'INVALID_INPUT');
      }
      assert.equal(nas.count('login'), 1);
    });

    it('refuses a wrong code, with one login', async () => {
      const answer = await pair('999999');
      assert.deepEqual([answer.ok, answer.code], [false, 'OTP_REQUIRED']);
      assert.equal(nas.count('login'), 2);
      assert.equal(codeOf(await nodeRed.call('get-tasks', {})), 'OTP_REQUIRED');
      assert.equal(nas.count('login'), 2);
    });

    it('takes the right code, and works from then on', async () => {
      assert.deepEqual(await pair('048 216'), { ok: true, deployNeeded: true });
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
      assert.equal(nas.count('login'), 3);
    });

    it('needs no code after a deploy and a restart, and keeps the password as the variable that it was', async () => {
      await nodeRed.deploy(await nodeRed.admin.flows(), 'full');
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
      nas.account.otp = '111111';
      await nodeRed.restart();
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
      const credentials = await nodeRed.admin.request('credentials/active-backup-nas/nas');
      assert.deepEqual(credentials.json, { username: nas.username, has_password: true, has_deviceToken: true });
      // With another value of the variable the login fails: the old value was stored nowhere.
      await nodeRed.stopProcess();
      nas.account.password = 'a new password';
      await nodeRed.start();
      assert.equal(codeOf(await nodeRed.call('get-tasks', {})), 'AUTH_FAILED');
      nas.account.password = password;
    });

    it('asks for a code again when the token was revoked: one login, no storm', async () => {
      const test = await nodeRed.admin.request('active-backup/test', {
        method: 'POST',
        body: { id: 'nas', url: nas.url, username: nas.username },
      });
      assert.equal((test.json as { ok: boolean }).ok, true, test.text);
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
      nas.revokeDevices();
      nas.reboot();
      nas.clearRequests();
      const results = await Promise.all(Array.from({ length: 20 }, () => nodeRed.call('get-tasks', {})));
      for (const result of results) assert.equal(codeOf(result), 'OTP_REQUIRED');
      await nodeRed.restart();
      assert.equal(codeOf(await nodeRed.call('get-tasks', {})), 'OTP_REQUIRED');
      assert.equal(nas.count('login'), 1);
      assert.deepEqual(await pair('111111'), { ok: true, deployNeeded: true });
      assert.equal((await nodeRed.call('get-tasks', {})).error, null);
    });

    it('has written neither code, token, session nor password anywhere but into the encrypted credentials', async () => {
      noteSecrets();
      const context = await nodeRed.admin.request('context/global');
      const support = await nodeRed.admin.request('active-backup/nas/support');
      const places: [string, string][] = [
        ['the log', nodeRed.log()],
        ['what was seen of the nodes', JSON.stringify(nodeRed.records)],
        ['the flows', JSON.stringify(await nodeRed.admin.flows())],
        ['the context', context.text],
        ['the support bundle', support.text],
        ...filesIn(nodeRed.userDir),
      ];
      assert.match(nodeRed.log(), /\[debug:shown\][^]*OTP_REQUIRED/);
      assert.ok(everSecret.size >= 8, `${everSecret.size} secrets`);
      const found = places.flatMap(([where, text]) =>
        [...everSecret].filter((secret) => text.includes(secret)).map((secret) => `${secret.slice(0, 3)}… in ${where}`),
      );
      assert.deepEqual(found, []);
    });
  });
}
