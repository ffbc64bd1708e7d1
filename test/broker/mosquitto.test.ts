// The same short sequence on a real Mosquitto.
import assert from 'node:assert/strict';
import { startMosquitto, type Mosquitto } from '../home-assistant/mosquitto';
import { manyTasks, snapshot } from '../unit/home-assistant/fixtures';
import { keptBy, startPublisher, until, observe } from './bench';
import { judgeDistances } from './distance';
import { shortSequence } from './short-sequence';
import { describeMosquitto } from './tier';

describeMosquitto('a publisher on Mosquitto', () => {
  let mosquitto: Mosquitto;
  const login = { username: 'ha', password: 'a secret' };

  before(async () => {
    mosquitto = await startMosquitto({ login, tls: true, websockets: true });
  });

  after(async () => {
    await mosquitto.dispose();
  });

  // Each on an empty store: what one sequence leaves would be cleaned up by the next.
  beforeEach(() => mosquitto.restart('empty'));

  for (const protocolVersion of [4, 5] as const) {
    const protocol = protocolVersion === 5 ? 'MQTT 5' : 'MQTT 3.1.1';
    for (const listener of ['mqtt', 'mqtts', 'ws', 'wss'] as const) {
      it(`lives through the short sequence with ${protocol} over ${listener}, user and password`, () =>
        shortSequence({
          url: mosquitto.urls[listener] ?? '',
          options: { ...login, protocolVersion, ca: mosquitto.certificateAuthority },
        }));
    }
  }

  it('lets two seconds pass between two different documents on a topic, also over a redeploy', async function () {
    this.timeout(60_000);
    await judgeDistances({ url: mosquitto.urls.mqtt, options: login });
  });

  for (const protocolVersion of [4, 5] as const) {
    it(`leaves no retained command when its node is deleted, with MQTT ${protocolVersion === 5 ? '5' : '3.1.1'}`, async () => {
      const target = { url: mosquitto.urls.mqtt, options: { ...login, protocolVersion } };
      const seen = await observe(target);
      const { publisher, monitor } = startPublisher(target, { settings: { removeOnDelete: true } });
      try {
        monitor.poll(snapshot(manyTasks(1)));
        const document = 'homeassistant/device/active_backup_office_task_1/config';
        await until('everything to be announced', () => seen.retained.has(document));
        await seen.publish('active-backup/office/task/1/cmd/run', 'PRESS', true);
      } finally {
        await publisher.close({ removed: true });
        await seen.end();
      }
      assert.deepEqual([...(await keptBy(target, '#')).keys()], []);
    });
  }

  it('discards a retained command the first time already, with MQTT 5', async () => {
    const target = { url: mosquitto.urls.mqtt, options: { ...login, protocolVersion: 5 as const } };
    const seen = await observe(target);
    const { publisher, monitor, calls, log } = startPublisher(target);
    try {
      monitor.poll(snapshot(manyTasks(1)));
      await until('the publisher to be online', () => seen.retained.get('active-backup/office/status') === 'online');
      const run = 'active-backup/office/task/1/cmd/run';
      await seen.publish(run, 'PRESS', true);
      await until('the command to be discarded', () => log.some((line) => line.includes('retained command')));
      await until('the command to be cleared', async () => !(await keptBy(target, 'active-backup/#')).has(run));
      assert.deepEqual(calls, []);
    } finally {
      await publisher.close();
      await seen.end();
    }
  });

  it('says in a word that the broker refused the password, and never the password', async () => {
    const options = { username: 'ha', password: 'wrong secret' };
    const { publisher, log } = startPublisher({ url: mosquitto.urls.mqtt, options });
    try {
      await until('the refusal to be logged', () => log.some((line) => /not authorized/i.test(line)));
      assert.equal(
        log.some((line) => line.includes('secret')),
        false,
      );
    } finally {
      await publisher.close();
    }
  });
});
