// No secret is printable: canaries are searched in every error, in the session, and in what goes over the wire's URL.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Secret, type DsmError, type DsmRequestRecord } from '../../../lib/dsm';
import { ABM, LIST, answerAsDsm, cleanUp, errorOf, nas, rawServer, session } from './support';

const CANARIES = {
  password: 'canary-password-1',
  sid: 'canary-sid-22222222',
  synoToken: 'canary-token-3333',
  device: 'canary-device-444444',
  otp: '918273',
  parameter: 'canary-parameter-5',
};

/** Everything that a careless log could print of a value. */
function printed(value: unknown): string {
  const shown = inspect(value, { depth: 20, showHidden: true, getters: true });
  const stack = value instanceof Error ? `${value.stack ?? ''} ${JSON.stringify(value.cause)}` : '';
  return `${shown} ${String(value)} ${JSON.stringify(value)} ${stack}`;
}

function assertClean(value: unknown): void {
  const text = printed(value);
  for (const [name, canary] of Object.entries(CANARIES)) {
    assert.ok(!text.includes(canary), `${name} is printed: ${text}`);
  }
}

describe('secrets', () => {
  afterEach(cleanUp);

  it('a Secret shows a placeholder in text, JSON and inspect', () => {
    const secret = new Secret(CANARIES.password);
    assertClean(secret);
    assertClean({ nested: [secret] });
    assert.equal(`${secret.toString()} ${JSON.stringify({ secret })}`, '[secret] {"secret":"[secret]"}');
    assert.equal(secret.reveal(), CANARIES.password);
  });

  it('are in no error and in no inspection, whatever the NAS answers', async () => {
    const all = Object.values(CANARIES).join(' ');
    const answers = [
      `<html><title>${all}</title>${all}</html>`,
      `<p>login?passwd=${all}</p>`,
      `{"success":true,"data":{"sid":"${all}`,
      `{"success":false,"error":{"code":403,"errors":{"token":"${CANARIES.synoToken}","name":"${CANARIES.sid}"}}}`,
      `{"success":false,"error":{"code":120,"errors":{"name":"${CANARIES.password} x"}}}`,
      `error: ${all}`,
      '',
    ];
    const errors: DsmError[] = [];
    const records: DsmRequestRecord[] = [];
    for (const answer of answers) {
      for (const method of ['query', 'login', 'list_tasks']) {
        const server = await rawServer((call, response) => {
          if (call.get('method') === method) response.end(answer);
          else if (call.get('method') === 'login') {
            const data = { sid: CANARIES.sid, synotoken: CANARIES.synoToken, device_id: CANARIES.device };
            response.end(JSON.stringify({ success: true, data }));
          } else answerAsDsm(call, response);
        });
        const dsm = session(
          { ...server, password: CANARIES.password },
          { deviceToken: CANARIES.device, onRequest: (record) => records.push(record) },
        );
        errors.push(await errorOf(dsm.call({ ...LIST, params: { key_word: CANARIES.parameter } })));
        const paired = await dsm.pairDevice(CANARIES.otp).catch((error: unknown) => error as DsmError);
        if (typeof paired !== 'string') errors.push(paired);
        assertClean(dsm);
        await dsm.close();
        errors.push(await errorOf(dsm.call(LIST)));
      }
    }
    assert.ok(errors.length > 40);
    for (const error of errors) assertClean(error);
    for (const record of records) assertClean(record);
  });

  it('are in no error of the network either', async () => {
    const server = await rawServer((_call, _response, request) => request.socket.destroy());
    const credentials = { password: CANARIES.password };
    const urls = [server.url, server.url.replace('http', 'https'), 'http://127.0.0.1:1', 'http://no.such.host.invalid'];
    for (const url of urls) {
      const dsm = session({ url, ...credentials }, { deviceToken: CANARIES.device });
      assertClean(await errorOf(dsm.call({ ...LIST, write: true, params: { key: CANARIES.parameter } })));
      assertClean(await errorOf(dsm.pairDevice(CANARIES.otp)));
    }
  });

  it('are never in a URL', async () => {
    const urls: string[] = [];
    const server = await rawServer((call, response, request) => {
      urls.push(request.url ?? '');
      if (!answerAsDsm(call, response)) response.end('{"success":true,"data":{}}');
    });
    const dsm = session({ ...server, password: CANARIES.password }, { deviceToken: CANARIES.device });
    await dsm.call({ api: ABM, method: 'relink_task', version: 1, params: { x: CANARIES.parameter }, write: true });
    await dsm.close();
    assert.deepEqual([...new Set(urls)], ['/webapi/query.cgi', '/webapi/entry.cgi']);
  });

  it('are not in the simulated NAS its view of URLs after all kinds of calls', async () => {
    const box = await nas({ twoFactor: true });
    const dsm = session(box);
    const error = await errorOf(dsm.call(LIST));
    await dsm.pairDevice(box.otp);
    await dsm.call(LIST);
    const text = printed(error) + printed(dsm);
    for (const secret of box.secrets()) assert.ok(!text.includes(secret));
    assert.deepEqual(
      box.requests.flatMap((request) => request.secretsInUrl),
      [],
    );
  });
});
