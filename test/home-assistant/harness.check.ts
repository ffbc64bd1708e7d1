// Proves the harness itself: two documents made by hand, both Home Assistant releases, a real Mosquitto, pictures.
// Run: npx tsx test/home-assistant/harness.check.ts [oldest] [newest]. Pictures go to ABM_PICTURES, if that is set.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { compareWithRegistry, entitiesWithoutState, readAnnounced } from './announced';
import { watchBroker } from './broker-view';
import { startHomeAssistant } from './home-assistant';
import { lintDocuments } from './lint-documents';
import { startMosquitto } from './mosquitto';
import { photograph } from './pictures';
import { releaseNames, type ReleaseName } from './releases';

const base = 'active-backup/check';
const origin = { name: 'harness', sw_version: '1.0.0', support_url: 'https://example.com/' };
const availability = [{ topic: `${base}/status` }, { topic: `${base}/nas` }];

const packageDocument = {
  device: {
    identifiers: ['active_backup_check'],
    name: 'Check NAS M365 backup',
    manufacturer: 'Synology',
    model: 'Active Backup for Microsoft 365',
    sw_version: '2.6.1',
    configuration_url: 'https://nas.example:5001/',
  },
  origin,
  availability,
  availability_mode: 'all',
  components: {
    publisher: {
      platform: 'binary_sensor',
      unique_id: 'active_backup_check_publisher',
      default_entity_id: 'binary_sensor.active_backup_check_publisher',
      name: 'Publisher',
      device_class: 'connectivity',
      entity_category: 'diagnostic',
      state_topic: `${base}/status`,
      payload_on: 'online',
      payload_off: 'offline',
      // An empty list takes the shared availability away: a connectivity sensor must be able to say "off".
      availability: [],
      qos: 1,
    },
    tasks: {
      platform: 'sensor',
      unique_id: 'active_backup_check_tasks',
      default_entity_id: 'sensor.active_backup_check_tasks',
      name: 'Tasks',
      state_class: 'measurement',
      entity_category: 'diagnostic',
      state_topic: `${base}/state`,
      value_template: '{{ value_json.tasks }}',
      qos: 1,
    },
    used_storage: {
      platform: 'sensor',
      unique_id: 'active_backup_check_used_storage',
      default_entity_id: 'sensor.active_backup_check_used_storage',
      name: 'Used storage',
      device_class: 'data_size',
      state_class: 'measurement',
      unit_of_measurement: 'GB',
      suggested_display_precision: 2,
      state_topic: `${base}/state`,
      value_template: '{{ value_json.used_gb }}',
      qos: 1,
    },
    refresh: {
      platform: 'button',
      unique_id: 'active_backup_check_refresh',
      default_entity_id: 'button.active_backup_check_refresh',
      name: 'Refresh',
      entity_category: 'diagnostic',
      command_topic: `${base}/cmd/refresh`,
      payload_press: 'PRESS',
      qos: 1,
    },
  },
};

const taskDocument = {
  device: {
    identifiers: ['active_backup_check_task_1'],
    name: 'M365 backup test',
    manufacturer: 'Synology',
    model: 'Active Backup for Microsoft 365 task',
    via_device: 'active_backup_check',
    configuration_url: 'https://nas.example:5001/',
  },
  origin,
  availability,
  availability_mode: 'all',
  components: {
    last_result: {
      platform: 'sensor',
      unique_id: 'active_backup_check_task_1_last_result',
      default_entity_id: 'sensor.active_backup_check_test_last_result',
      name: 'Last result',
      device_class: 'enum',
      options: ['success', 'partial', 'failed', 'canceled', 'never', 'unknown'],
      icon: 'mdi:cloud-check-outline',
      state_topic: `${base}/task/1/state`,
      value_template: '{{ value_json.last_result }}',
      json_attributes_topic: `${base}/task/1/attributes`,
      qos: 1,
    },
    problem: {
      platform: 'binary_sensor',
      unique_id: 'active_backup_check_task_1_problem',
      default_entity_id: 'binary_sensor.active_backup_check_test_problem',
      name: 'Problem',
      device_class: 'problem',
      state_topic: `${base}/task/1/state`,
      value_template: "{{ 'ON' if value_json.problem else 'OFF' }}",
      qos: 1,
    },
    last_run: {
      platform: 'sensor',
      unique_id: 'active_backup_check_task_1_last_run',
      default_entity_id: 'sensor.active_backup_check_test_last_run',
      name: 'Last run',
      device_class: 'timestamp',
      state_topic: `${base}/task/1/state`,
      value_template: '{{ value_json.last_run }}',
      qos: 1,
    },
    next_run: {
      platform: 'sensor',
      unique_id: 'active_backup_check_task_1_next_run',
      default_entity_id: 'sensor.active_backup_check_test_next_run',
      name: 'Next run',
      device_class: 'timestamp',
      state_topic: `${base}/task/1/state`,
      value_template: '{{ value_json.next_run }}',
      qos: 1,
    },
    duration: {
      platform: 'sensor',
      unique_id: 'active_backup_check_task_1_duration',
      default_entity_id: 'sensor.active_backup_check_test_duration',
      name: 'Last run duration',
      device_class: 'duration',
      state_class: 'measurement',
      unit_of_measurement: 's',
      state_topic: `${base}/task/1/state`,
      value_template: '{{ value_json.duration }}',
      qos: 1,
    },
    drive_used: {
      platform: 'sensor',
      unique_id: 'active_backup_check_task_1_drive_used',
      default_entity_id: 'sensor.active_backup_check_test_drive_used',
      name: 'OneDrive used storage',
      device_class: 'data_size',
      state_class: 'measurement',
      unit_of_measurement: 'GB',
      entity_category: 'diagnostic',
      enabled_by_default: false,
      state_topic: `${base}/task/1/state`,
      value_template: '{{ value_json.services.drive.used_gb }}',
      qos: 1,
    },
    backup: {
      platform: 'event',
      unique_id: 'active_backup_check_task_1_backup',
      default_entity_id: 'event.active_backup_check_test_backup',
      name: 'Backup',
      event_types: ['started', 'success', 'partial', 'failed'],
      state_topic: `${base}/task/1/event`,
      qos: 1,
    },
    run: {
      platform: 'button',
      unique_id: 'active_backup_check_task_1_run',
      default_entity_id: 'button.active_backup_check_test_run',
      name: 'Run backup',
      icon: 'mdi:play',
      command_topic: `${base}/task/1/cmd/run`,
      payload_press: 'PRESS',
      qos: 1,
    },
  },
};

const documents: readonly (readonly [string, object])[] = [
  ['homeassistant/device/active_backup_check/config', packageDocument],
  ['homeassistant/device/active_backup_check_task_1/config', taskDocument],
];
const taskState = {
  last_result: 'success',
  problem: false,
  last_run: '2024-12-10T01:30:35Z',
  next_run: null,
  duration: 22553,
  services: { drive: { used_gb: 319.197 } },
};
const states: readonly (readonly [string, string])[] = [
  [`${base}/state`, JSON.stringify({ tasks: 1, used_gb: 330.137 })],
  [`${base}/task/1/state`, JSON.stringify(taskState)],
  [`${base}/task/1/attributes`, JSON.stringify({ task_id: 1, status_code: 1 })],
  [`${base}/nas`, 'online'],
  [`${base}/status`, 'online'],
];

/** Entity id → expected state, on a fresh Home Assistant of any release. */
const expectedStates = (ids: (uniqueId: string) => string): readonly (readonly [string, string])[] => [
  [ids('active_backup_check_publisher'), 'on'],
  [ids('active_backup_check_tasks'), '1'],
  [ids('active_backup_check_used_storage'), '330.137'],
  [ids('active_backup_check_task_1_last_result'), 'success'],
  [ids('active_backup_check_task_1_problem'), 'off'],
  [ids('active_backup_check_task_1_last_run'), '2024-12-10T01:30:35+00:00'],
  [ids('active_backup_check_task_1_next_run'), 'unknown'],
  [ids('active_backup_check_task_1_duration'), '22553'],
];

async function check(release: ReleaseName): Promise<void> {
  const startMs = Date.now();
  const say = (line: string): void => {
    console.log(`${release} +${((Date.now() - startMs) / 1000).toFixed(1)} s ${line}`);
  };
  const broker = await startMosquitto();
  const view = await watchBroker(broker.urls.mqtt);
  const homeAssistant = await startHomeAssistant({ release, brokerPort: broker.port, progress: say });
  try {
    for (const [topic, document] of documents) await view.publish(topic, JSON.stringify(document), true);
    for (const [topic, payload] of states) await view.publish(topic, payload, true);
    const announced = readAnnounced(await view.retained());
    await homeAssistant.waitFor('all entities to register', async () => {
      const differences = compareWithRegistry(announced, await homeAssistant.registry());
      if (differences.length > 0) throw new Error(differences.join('; '));
      return true;
    });
    const registry = await homeAssistant.registry();
    say(`${registry.entities.length} entities of ${registry.devices.length} devices registered as announced`);
    const entityId = (uniqueId: string): string =>
      registry.entities.find((entity) => entity.uniqueId === uniqueId)?.entityId ?? uniqueId;
    const verifyStates = async (): Promise<boolean> => {
      const shown = await homeAssistant.states();
      for (const [id, state] of expectedStates(entityId)) assert.equal(shown.get(id)?.state, state, id);
      return true;
    };
    await homeAssistant.waitFor('the states', verifyStates);
    assert.deepEqual(await entitiesWithoutState(homeAssistant), []);
    say('states as published');

    await view.publish(`${base}/status`, 'offline', true);
    const lost = entityId('active_backup_check_publisher');
    await homeAssistant.waitFor('the publisher to be shown as lost', async () => {
      const shown = await homeAssistant.states();
      return shown.get(lost)?.state === 'off' && (await entitiesWithoutState(homeAssistant)).length > 5;
    });
    await view.publish(`${base}/status`, 'online', true);
    await homeAssistant.waitFor('the publisher to be back', verifyStates);

    const before = view.messages.length;
    await homeAssistant.pressButton(entityId('active_backup_check_task_1_run'));
    const pressed = await homeAssistant.waitFor('the press', () =>
      view.messages.slice(before).find((message) => message.topic === `${base}/task/1/cmd/run`),
    );
    assert.deepEqual([pressed.payload, pressed.retain, pressed.qos], ['PRESS', false, 1]);

    const backup = entityId('active_backup_check_task_1_backup');
    await view.publish(`${base}/task/1/event`, JSON.stringify({ event_type: 'success', duration: 22553 }));
    const fired = await homeAssistant.waitFor('the event', async () => {
      const event = (await homeAssistant.states()).get(backup);
      return event?.attributes.event_type === 'success' ? event.state : null;
    });

    await homeAssistant.enable([entityId('active_backup_check_task_1_drive_used')]);
    await homeAssistant.waitFor('the enabled entity', async () => {
      const shown = await homeAssistant.states();
      return shown.get(entityId('active_backup_check_task_1_drive_used'))?.state === '319.197';
    });
    say('button, event and enabling work');

    const pictures = process.env.ABM_PICTURES;
    if (pictures !== undefined) {
      const wanted = registry.devices.flatMap((device) =>
        (['light', 'dark'] as const).map((scheme) => {
          return { device, scheme, file: join(pictures, `${release}-${device.identifiers[0] ?? ''}-${scheme}.png`) };
        }),
      );
      await photograph(homeAssistant, wanted);
      say(`${wanted.length} pictures in ${pictures}`);
    }

    await homeAssistant.restart();
    await homeAssistant.waitFor('the states after a restart', verifyStates);
    assert.equal((await homeAssistant.states()).get(backup)?.state, fired, 'the event does not fire again');
    say('restarted, states are back');

    await broker.restart('empty');
    assert.equal((await view.retained()).has(documents[0]?.[0] ?? ''), false, 'the store is empty');
    await homeAssistant.waitFor('Home Assistant back at the broker', async () => {
      for (const [topic, document] of documents) await view.publish(topic, JSON.stringify(document), true);
      for (const [topic, payload] of states) await view.publish(topic, payload, true);
      return verifyStates();
    });
    assert.deepEqual(await homeAssistant.forbiddenLogLines(), []);
    say(`the log is clean; repairs: ${(await homeAssistant.repairs()).join(', ') || 'none'}`);

    // What must be seen when it is there: a document with a root key that Home Assistant refuses.
    await view.publish('homeassistant/device/bad/config', JSON.stringify({ ...packageDocument, '~': 'x' }), true);
    await homeAssistant.waitFor('the complaint', async () => (await homeAssistant.forbiddenLogLines()).length > 0);
    say('and a bad document is seen in it');
  } finally {
    await homeAssistant.stop();
    await view.close();
    await broker.dispose();
  }
  say('done');
}

async function main(): Promise<void> {
  const lintable = documents.map(([topic, document]) => ({ topic, payload: JSON.stringify(document) }));
  assert.deepEqual(lintDocuments(lintable, new Map(states)), []);
  const named = process.argv.slice(2);
  for (const release of releaseNames.filter((name) => named.length === 0 || named.includes(name))) await check(release);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
