// Faults of the network between us and the NAS, and of the certificate at its end.
import assert from 'node:assert/strict';
import * as http from 'node:http';
import * as https from 'node:https';
import { generate } from 'selfsigned';
import { readNasSettings } from '../../lib/node-red/nas-settings';
import { startSimulator, type Simulator } from '../simulator';
import { fine, type House, type LibFault } from './fault';

const LIST = { api: 'SYNO.ActiveBackupOffice365', method: 'list_tasks', version: 1 } as const;
const short = { timeoutMs: 300 };

function row(group: LibFault['group'], fault: Omit<LibFault, 'where' | 'group'>): LibFault {
  return { where: 'lib', group, ...fault };
}

const network: LibFault[] = [
  row('network', {
    name: 'NAS off',
    does: 'connections are refused',
    strike: ({ nas }) => nas.goAway(),
    mend: ({ nas }) => nas.comeBack(),
    code: 'UNREACHABLE',
    status: 'NAS unreachable',
    logins: 0,
    requests: 0,
    ending: 'heals',
  }),
  row('network', {
    name: 'NAS silent',
    does: 'a call is taken and never answered',
    session: short,
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'hang' }),
    code: 'TIMEOUT',
    status: 'no answer in time',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  row('network', {
    name: 'NAS silent from the start',
    does: 'not even discovery is answered: nobody logs in',
    cold: true,
    session: short,
    strike: ({ nas }) => nas.faults.add({ kind: 'hang' }),
    code: 'TIMEOUT',
    status: 'no answer in time',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  row('network', {
    name: 'login not answered',
    does: 'the login hangs; it is not sent a second time',
    cold: true,
    session: short,
    strike: ({ nas }) => nas.faults.add({ method: 'login', kind: 'hang' }),
    code: 'TIMEOUT',
    status: 'no answer in time',
    logins: 1,
    requests: 2,
    ending: 'heals',
  }),
  row('network', {
    name: 'answer trickles',
    does: 'one byte at a time, past the deadline',
    session: short,
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'drip', ms: 20 }),
    code: 'TIMEOUT',
    status: 'no answer in time',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  row('network', {
    name: 'connection reset',
    does: 'each request is cut off before its answer; a read is repeated at most once',
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'reset' }),
    code: 'UNREACHABLE',
    status: 'NAS unreachable',
    logins: 0,
    requests: 2,
    ending: 'heals',
  }),
  row('network', {
    name: 'idle connection dead',
    does: 'the kept socket was dropped by the NAS: the read goes out again on a new one',
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'reset-reused', times: 1 }),
    code: null,
    status: fine,
    logins: 0,
    requests: 2,
    ending: 'harmless',
  }),
  row('network', {
    name: 'idle connection dead before a write',
    does: 'a write never uses a kept socket, so it is sent once',
    strike: ({ nas }) => nas.faults.add({ method: 'backup_task', kind: 'reset-reused' }),
    call: ({ client }) => client.runBackup({ taskId: 1 }),
    code: null,
    status: fine,
    logins: 0,
    requests: 2,
    ending: 'harmless',
    also: ({ nas }) => assert.equal(nas.count('backup_task'), 1),
  }),
  row('network', {
    name: 'name without an address',
    does: 'the host name cannot be resolved',
    cold: true,
    session: { url: 'http://no-such-nas.invalid:5000' },
    code: 'UNREACHABLE',
    status: 'NAS unreachable',
    logins: 0,
    requests: 0,
    ending: 'stays',
  }),
  row('network', {
    name: 'http to the https port',
    does: 'the address begins with http:// and the port speaks TLS',
    cold: true,
    nas: { tls: true },
    session: (nas) => ({ url: nas.url.replace('https:', 'http:') }),
    code: 'UNREACHABLE',
    status: 'NAS unreachable',
    logins: 0,
    requests: 0,
    ending: 'stays',
  }),
  row('network', {
    name: 'line full',
    does: 'more calls wait for their turn than the limit; the one too many is refused',
    session: { maxQueue: 5 },
    strike: ({ nas, session }) => {
      nas.faults.add({ method: 'get_worker_count', kind: 'delay', ms: 150 });
      for (let waiting = 0; waiting < 6; waiting += 1) {
        void session
          .call({ api: LIST.api, method: 'get_worker_count', version: 1, params: { n: waiting } })
          .catch(() => undefined);
      }
    },
    code: 'BUSY',
    status: 'NAS busy',
    logins: 0,
    requests: 6,
    ending: 'heals',
    mend: async ({ nas, session }) => {
      nas.faults.clear();
      await session.call({ ...LIST, method: 'get_worker_count', params: { n: 5 } }).catch(() => undefined);
    },
  }),
  row('network', {
    name: 'caller gives up',
    does: 'the node is closed while the NAS is silent',
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'hang' }),
    call: async ({ client, nas }) => {
      const controller = new AbortController();
      const call = client.getTasks({ signal: controller.signal });
      while (nas.count('list_tasks') === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      await call;
    },
    mend: ({ nas }) => nas.faults.clear(),
    code: 'ABORTED',
    status: 'stopped',
    logins: 0,
    requests: 1,
    ending: 'stays',
  }),
  row('network', {
    name: 'closed under way',
    does: 'the connection is closed while a call waits: the call ends, the NAS is logged out of',
    strike: ({ nas }) => nas.faults.add({ method: 'list_tasks', kind: 'hang' }),
    call: async ({ client, session, nas }) => {
      const call = client.getTasks();
      const settled = call.catch(() => undefined);
      while (nas.count('list_tasks') === 0) await new Promise((resolve) => setImmediate(resolve));
      await session.close();
      await settled;
      assert.equal(nas.openSessions, 0);
      await call;
    },
    mend: () => undefined,
    code: 'ABORTED',
    status: 'stopped',
    logins: 0,
    requests: 2,
    ending: 'stays',
  }),
];

/** A fault that keeps the connection from being made: no request can have left. */
function untrusted(name: string, does: string, more: Partial<LibFault>): LibFault {
  return row('TLS', {
    name,
    does,
    nas: { tls: true },
    cold: true,
    code: 'TLS',
    status: 'certificate refused',
    logins: 0,
    requests: 0,
    ending: 'stays',
    ...more,
  });
}

function trusted(name: string, does: string, more: Partial<LibFault>): LibFault {
  return untrusted(name, does, { code: null, status: fine, logins: 1, requests: 3, ending: 'harmless', ...more });
}

/** Puts another NAS with its own certificate on the port of the first one. */
async function replaceNas(house: House): Promise<Simulator> {
  await house.nas.goAway();
  const other = await startSimulator({ tls: true, port: house.nas.port, password: house.nas.password });
  house.onEnd(() => other.close());
  return other;
}

const replaced = new WeakMap<House, Simulator>();

async function listen(house: House, server: http.Server | https.Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  house.onEnd(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `https://127.0.0.1:${address.port}`;
}

/** A server that shows an expired certificate, which is its own CA. */
async function expiredServer(house: House): Promise<{ url: string; ca: string }> {
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    notBeforeDate: new Date(Date.now() - 9 * 86_400_000),
    notAfterDate: new Date(Date.now() - 86_400_000),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const options = { key: pems.private, cert: pems.cert };
  const server = https.createServer(options, (_request, response) => response.end());
  return { url: await listen(house, server), ca: pems.cert };
}

const pinSetting = { id: 'nas', slug: 'office' };

const tls: LibFault[] = [
  untrusted('self-signed certificate', 'DSM shows the certificate that it made itself', {}),
  trusted('self-signed certificate, its CA given', 'the CA of `tls-config` is the certificate', {
    session: (nas) => ({ tls: { ca: nas.certificatePem } }),
  }),
  trusted('verification turned off', 'any certificate goes', { session: { tls: { rejectUnauthorized: false } } }),
  trusted('the pinned certificate', 'its fingerprint is pinned, with colons', {
    session: (nas) => ({ pinnedSha256: nas.fingerprint }),
  }),
  untrusted('another certificate than the pinned one', 'one digit of the pin differs', {
    session: (nas) => ({ pinnedSha256: nas.fingerprint.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')) }),
  }),
  untrusted('wrong pin and no verification', 'the pin counts although verification is off', {
    session: { pinnedSha256: '00'.repeat(32), tls: { rejectUnauthorized: false } },
  }),
  untrusted('certificate changed', 'somebody else answers at the pinned address: no login, no request reaches him', {
    cold: undefined,
    session: (nas) => ({ pinnedSha256: nas.fingerprint }),
    strike: async (house) => replaced.set(house, await replaceNas(house)),
    also: (house) => assert.equal(replaced.get(house)?.requests.length, 0),
    mend: () => undefined,
  }),
  untrusted('certificate for another name', 'the CA is known, the name is not in the certificate', {
    session: (nas) => ({ url: nas.url.replace('127.0.0.1', '127.0.0.2'), tls: { ca: nas.certificatePem } }),
    nas: { tls: true, host: '0.0.0.0' },
  }),
  untrusted('certificate expired', 'it was valid until yesterday', {
    call: async (house) => {
      const { url, ca } = await expiredServer(house);
      await house.another({ url, tls: { ca } }).client.getTasks();
    },
  }),
  untrusted('https to the http port', 'the address begins with https:// and the port does not speak TLS', {
    nas: {},
    call: async (house) => {
      const url = await listen(house, http.createServer());
      await house.another({ url }).client.getTasks();
    },
  }),
  untrusted('pin that is none', 'the fingerprint has 63 digits', {
    call: ({ nas }) =>
      Promise.resolve().then(() => readNasSettings({ ...pinSetting, url: nas.url, certificateSha256: 'a'.repeat(63) })),
    code: 'NOT_CONFIGURED',
    status: 'not configured',
  }),
  untrusted('pin without TLS', 'a fingerprint is set and the address begins with http://', {
    nas: {},
    call: ({ nas }) =>
      Promise.resolve().then(() => readNasSettings({ ...pinSetting, url: nas.url, certificateSha256: 'a'.repeat(64) })),
    code: 'NOT_CONFIGURED',
    status: 'not configured',
  }),
];

export const networkFaults = [...network, ...tls];
