// Whoever prints a connection, by accident or to look for a fault, sees no secret; nor does a proxy or a page ask for one.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from '../../../lib/dsm';
import { isForeign } from '../../../lib/node-red/admin-access';
import { NasConnection } from '../../../lib/node-red/nas-connection';
import { readNasSettings } from '../../../lib/node-red/nas-settings';
import { startSimulator } from '../../simulator';

describe('a connection', () => {
  it('shows none of its secrets, however deep it is printed, and writes none to its memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'connection-'));
    const nas = await startSimulator({ twoFactor: true, password: 'canary-password', tls: true });
    const log: string[] = [];
    const connection = new NasConnection(
      readNasSettings({ id: 'nas', url: nas.url, slug: 'office', certificateSha256: nas.fingerprint }),
      { username: nas.username, password: new Secret(nas.password), deviceToken: new Secret('canary-old-token') },
      { passphrase: 'canary-passphrase', key: undefined },
      { userDir: folder, log: (_level, text) => log.push(text) },
    );
    const secrets = ['canary-password', 'canary-old-token', 'canary-passphrase'];
    await assert.rejects(connection.client.getTasks());
    const token = await connection.pair(nas.otp);
    await connection.monitor.refresh();
    secrets.push(...nas.secrets(), token.reveal());
    const printed = [connection, connection.session, connection.client, connection.monitor, connection.requests].map(
      (part) => inspect(part, { depth: 30, showHidden: true, getters: true, maxArrayLength: null }),
    );
    // Answers that were read stay in memory as they are; what is looked for here are the ways in.
    const waysIn = secrets.filter((secret) => !Object.values(nas.core.canaries).includes(secret));
    for (const text of [...printed, JSON.stringify(token), String(token), ...log]) {
      for (const secret of waysIn) assert.ok(!text.includes(secret), `${secret} in ${text.slice(0, 200)}`);
    }
    await connection.close();
    for (const file of readdirSync(join(folder, 'active-backup-m365'))) {
      const text = readFileSync(join(folder, 'active-backup-m365', file), 'utf8');
      for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${file}`);
    }
    assert.ok(waysIn.length >= 6);
    await nas.close();
    rmSync(folder, { recursive: true });
  });
});

describe('a request to the admin endpoints', () => {
  const rows: [Record<string, string>, boolean, string][] = [
    [{ host: 'nr:1880' }, false, 'a script'],
    [{ host: 'nr:1880', origin: 'http://nr:1880' }, false, 'the editor over plain HTTP'],
    [
      { host: 'inner:1880', origin: 'https://nr.example', 'sec-fetch-site': 'same-origin' },
      false,
      'the editor behind a proxy',
    ],
    [{ host: 'nr:1880', 'sec-fetch-site': 'none' }, false, 'an address typed in'],
    [{ host: 'nr:1880', origin: 'http://nr:1881' }, true, 'another port'],
    [{ host: 'nr:1880', origin: 'https://evil.example' }, true, 'another page'],
    [{ host: 'nr:1880', origin: 'null' }, true, 'a sandboxed page'],
    [
      { host: 'nr:1880', origin: 'http://nr:1880', 'sec-fetch-site': 'cross-site' },
      true,
      'another page with a forged origin',
    ],
    [{ host: 'nr:1880', 'sec-fetch-site': 'cross-site' }, true, 'an image on another page'],
  ];
  for (const [headers, foreign, who] of rows) {
    it(`from ${who} is ${foreign ? 'refused' : 'heard'}`, () => assert.equal(isForeign({ headers }), foreign));
  }
});
