import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { IClientOptions } from 'mqtt';
import { topicMatches } from '../../../lib/mqtt';
import { reconnectDelayMs } from '../../../lib/mqtt/backoff';
import { clientOptions } from '../../../lib/mqtt/client-options';
import { brokerErrorText } from '../../../lib/mqtt/error-text';

const own = {
  url: 'mqtt://localhost',
  clientId: 'active_backup_office_1',
  will: { topic: 'a/status', payload: 'offline' },
};

describe('client options', () => {
  const given: IClientOptions = {
    username: 'u',
    password: 'p',
    clientId: 'theirs',
    clean: false,
    keepalive: 17,
    reconnectPeriod: 15_000,
    protocolVersion: 5,
    properties: { sessionExpiryInterval: 60, userProperties: { a: 'b' } },
    will: { topic: 'theirs', payload: Buffer.from('x'), qos: 0, retain: false },
    ca: 'PEM',
    rejectUnauthorized: true,
    wsOptions: { protocol: 'x' },
  };

  it('keep credentials, TLS, keep-alive and MQTT 5 properties', () => {
    const made = clientOptions({ ...own, options: given });
    assert.deepEqual(
      [made.username, made.password, made.keepalive, made.protocolVersion, made.properties, made.ca],
      ['u', 'p', 17, 5, { sessionExpiryInterval: 60, userProperties: { a: 'b' } }, 'PEM'],
    );
  });

  it('have their own id, will and a clean session', () => {
    const made = clientOptions({ ...own, options: given });
    assert.equal(made.clientId, 'active_backup_office_1');
    assert.equal(made.clean, true);
    assert.equal(made.will?.topic, 'a/status');
    assert.equal(made.will.retain, true);
  });

  it('leave what was given as it was', () => {
    const before = JSON.stringify(given);
    const made = clientOptions({ ...own, options: given });
    made.properties!.topicAliasMaximum = 9;
    Object.assign(made.wsOptions!, { agent: 'x' });
    assert.equal(JSON.stringify(given), before);
  });
});

describe('topic filters', () => {
  it('cover what MQTT says they cover', () => {
    for (const [filter, topic, covered] of [
      ['a/b', 'a/b', true],
      ['a/+', 'a/b', true],
      ['a/+', 'a/b/c', false],
      ['a/+/c', 'a/b/c', true],
      ['a/#', 'a', true],
      ['a/#', 'a/b/c', true],
      ['a/#', 'ab/c', false],
      ['+', 'a', true],
      ['a/b', 'a', false],
    ] as const) {
      assert.equal(topicMatches(filter, topic), covered, `${filter} ${topic}`);
    }
  });
});

describe('waiting before a reconnect', () => {
  const limits = { leastMs: 1_000, mostMs: 30_000 };

  it('doubles up to a limit, less up to half by chance', () => {
    assert.deepEqual(
      [1, 2, 3, 9, 999].map((attempt) => reconnectDelayMs(attempt, limits, 0)),
      [1_000, 2_000, 4_000, 30_000, 30_000],
    );
    assert.equal(reconnectDelayMs(1, limits, 1), 500);
  });
});

describe('the text of a broker error', () => {
  it('never holds an address with credentials', () => {
    assert.equal(brokerErrorText(new Error('bad url mqtt://user:secret@host:1883')), 'bad url the broker');
  });

  it('is the code where Node.js gives no message', () => {
    assert.equal(brokerErrorText(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })), 'ECONNREFUSED');
    assert.equal(brokerErrorText('x'), 'The broker connection failed.');
  });
});

describe('the MQTT library', () => {
  it('is not loaded before somebody connects', () => {
    const script = `
      require('./lib/home-assistant'); require('./lib/mqtt');
      const loaded = Object.keys(require.cache).filter((file) => file.includes('node_modules/mqtt'));
      process.exit(loaded.length === 0 ? 0 : 1);`;
    const { status, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', script], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});
