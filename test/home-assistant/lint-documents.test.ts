// The linter of discovery documents: it takes what Home Assistant takes, and names what Home Assistant would not take.
import assert from 'node:assert/strict';
import { lintDocuments, type Problem } from './lint-documents';
import { renderTemplate, TemplateError } from './lint-template';

type Fields = Record<string, unknown>;

const topic = 'homeassistant/device/active_backup_home/config';

function sensor(change: Fields = {}): Fields {
  return {
    platform: 'sensor',
    unique_id: 'active_backup_home_used',
    default_entity_id: 'sensor.active_backup_home_used',
    name: 'Used storage',
    device_class: 'data_size',
    state_class: 'measurement',
    unit_of_measurement: 'GB',
    state_topic: 'P/state',
    value_template: '{{ value_json.used_gb }}',
    qos: 1,
    ...change,
  };
}

function enumSensor(change: Fields = {}): Fields {
  return {
    platform: 'sensor',
    unique_id: 'active_backup_home_result',
    name: 'Last result',
    device_class: 'enum',
    options: ['success', 'failed'],
    state_topic: 'P/state',
    value_template: '{{ value_json.result }}',
    ...change,
  };
}

function document(components: Fields, change: Fields = {}, device: Fields = {}): { topic: string; payload: string } {
  const payload = {
    device: { identifiers: ['active_backup_home'], name: 'Home NAS', ...device },
    origin: { name: 'test' },
    availability: [{ topic: 'P/status' }, { topic: 'P/nas' }],
    availability_mode: 'all',
    components,
    ...change,
  };
  return { topic, payload: JSON.stringify(payload) };
}

const state = JSON.stringify({
  used_gb: 1.5,
  result: 'success',
  at: '2026-08-23T02:00:00Z',
  problem: false,
  none: null,
});
const samples = new Map([
  ['P/state', state],
  ['P/status', 'online'],
  ['P/nas', 'offline'],
]);

function messages(problems: readonly Problem[]): string {
  return problems.map((problem) => `${problem.component ?? '-'}: ${problem.message}`).join('\n');
}

/** Expects exactly one problem, with these words. */
function refuses(components: Fields, words: RegExp, change: Fields = {}, device: Fields = {}): void {
  const problems = lintDocuments([document(components, change, device)], samples);
  assert.equal(problems.length, 1, messages(problems) || 'no problem was found');
  assert.match(messages(problems), words);
}

function accepts(components: Fields, change: Fields = {}, device: Fields = {}): void {
  assert.equal(messages(lintDocuments([document(components, change, device)], samples)), '');
}

describe('lintDocuments', () => {
  it('takes a right document, a removal of a component and a removal of all', () => {
    accepts({ used: sensor(), result: enumSensor(), gone: { platform: 'button' } });
    assert.deepEqual(lintDocuments([{ topic, payload: '' }]), []);
  });

  it('takes an event and a button, and `~` inside a component', () => {
    const event = {
      platform: 'event',
      unique_id: 'e',
      name: 'Backup',
      event_types: ['success'],
      state_topic: '~/event',
      '~': 'P',
    };
    accepts({ event, run: { platform: 'button', unique_id: 'b', name: 'Run', command_topic: 'P/cmd/run' } });
  });

  it('refuses any other key at the root, `~` too', () => {
    refuses({ used: sensor() }, /the key "~" at its root/, { '~': 'P' });
    refuses({ used: sensor() }, /the key "name" at its root/, { name: 'x' });
  });

  it('refuses a document without device, identifier, device name, origin or components', () => {
    refuses({ used: sensor() }, /has no "device"/, { device: null });
    refuses({ used: sensor() }, /no identifier/, {}, { identifiers: [] });
    refuses({ used: sensor() }, /device has no name/, {}, { name: '' });
    refuses({ used: sensor() }, /no "origin"/, { origin: {} });
    refuses({}, /no "components"/, { components: [] });
  });

  it('refuses a topic, a component id and a component without a platform that Home Assistant does not know', () => {
    const elsewhere = { ...document({ used: sensor() }), topic: 'homeassistant/device/a b/config' };
    assert.match(messages(lintDocuments([elsewhere])), /no discovery topic/);
    refuses({ 'used storage': sensor() }, /its id has other characters/);
    refuses({ used: sensor({ platform: 'sensr' }) }, /platform "sensr"/);
  });

  it('names typing errors that Home Assistant drops silently', () => {
    refuses({ used: sensor({ unit_of_measurment: 'GB' }) }, /unknown key "unit_of_measurment"/);
    refuses({ used: sensor() }, /device has the unknown key "modell"/, {}, { modell: 'x' });
  });

  it('wants a unique_id that no other component of any document has', () => {
    refuses({ used: sensor({ unique_id: undefined }) }, /no unique_id/);
    refuses({ used: sensor(), again: sensor({ default_entity_id: undefined }) }, /unique_id .* too/);
    const other = { ...document({ used: sensor() }), topic: 'homeassistant/device/other/config' };
    assert.equal(lintDocuments([document({ used: sensor() }), other]).length, 2);
    assert.deepEqual(lintDocuments([document({ used: sensor() }), document({ used: sensor() })]), []);
  });

  it('refuses object_id and an entity id in another domain', () => {
    assert.match(messages(lintDocuments([document({ used: sensor({ object_id: 'x' }) })])), /uses object_id/);
    refuses({ used: sensor({ default_entity_id: 'button.used' }) }, /not in the domain sensor/);
    refuses({ used: sensor({ default_entity_id: 'sensor.Used Storage' }) }, /no entity id/);
  });

  it('refuses a name that starts with the name of the device', () => {
    refuses({ used: sensor({ name: 'home nas used' }) }, /starts with the name of the device/);
    accepts({ used: sensor({ name: null }) });
  });

  it('refuses the category config for both kinds of sensors and takes it for a button', () => {
    refuses({ used: sensor({ entity_category: 'config' }) }, /may not have the entity_category "config"/);
    const problem = { platform: 'binary_sensor', unique_id: 'p', name: 'Problem', state_topic: 'P/binary' };
    refuses({ problem: { ...problem, entity_category: 'config' } }, /binary_sensor may not have/);
    const run = { platform: 'button', unique_id: 'b', name: 'Run', command_topic: 'P/cmd/run' };
    accepts({ run: { ...run, entity_category: 'config' } });
  });

  it('refuses units and state classes that do not fit the device class', () => {
    refuses({ used: sensor({ unit_of_measurement: 'GBytes' }) }, /unit "GBytes" does not fit/);
    refuses({ used: sensor({ device_class: 'duration' }) }, /unit "GB" does not fit/);
    refuses({ used: sensor({ unit_of_measurement: undefined }) }, /no unit_of_measurement/);
    refuses({ result: enumSensor({ state_class: 'measurement' }) }, /state_class "measurement" does not fit/);
    refuses({ result: enumSensor({ unit_of_measurement: 'x' }) }, /unit "x" does not fit/);
    refuses({ used: sensor({ device_class: 'datasize' }) }, /not in the table/);
  });

  it('wants options for an enum, and only there', () => {
    refuses(
      { result: enumSensor({ options: [], value_template: '{{ value_json.none }}' }) },
      /without a list of options/,
    );
    refuses({ result: enumSensor({ options: ['success', 'success'] }) }, /comes twice/);
    refuses({ used: sensor({ options: ['1'] }) }, /belong to the device class enum/);
  });

  it('refuses several availability topics without the mode "all"', () => {
    const components = { used: sensor() };
    refuses(components, /without the mode "all"/, { availability_mode: undefined });
    refuses(components, /without the mode "all"/, { availability_mode: 'any' });
    const wrong = lintDocuments([document(components)], new Map([['P/status', 'up']]));
    assert.match(messages(wrong), /availability "up"/);
  });

  it('wants the parent to be announced before', () => {
    const task = { identifiers: ['task'], via_device: 'active_backup_home' };
    refuses({ used: sensor() }, /was not announced before/, {}, task);
    const child = document(
      { run: { platform: 'button', unique_id: 'b', name: 'Run', command_topic: 'P/run' } },
      {},
      task,
    );
    assert.deepEqual(lintDocuments([document({ used: sensor() }), child], samples), []);
  });

  it('refuses a link with credentials, an e-mail address, and a document that is too large', () => {
    refuses({ used: sensor() }, /carries credentials/, {}, { configuration_url: 'https://u:p@nas:5001/' });
    refuses({ used: sensor() }, /e-mail/, {}, { model: 'admin@contoso.example' });
    refuses({ used: sensor() }, /bytes/, {}, { model: 'x'.repeat(60_000) });
    const seen = new Map([['P/else', '{"who":"admin@contoso.example"}']]);
    assert.match(messages(lintDocuments([document({ used: sensor() })], seen)), /e-mail/);
  });

  it('refuses states that do not fit: a number, an option, a time with an offset, on or off', () => {
    refuses({ used: sensor({ value_template: '{{ value_json.result }}' }) }, /"success" is not a number/);
    refuses({ result: enumSensor({ options: ['failed'] }) }, /"success" is not among the options/);
    const time = {
      platform: 'sensor',
      unique_id: 't',
      name: 'Last run',
      device_class: 'timestamp',
      state_topic: 'P/state',
    };
    accepts({ time: { ...time, value_template: '{{ value_json.at }}' } });
    accepts({ time: { ...time, value_template: '{{ value_json.none }}' } });
    refuses({ time: { ...time, value_template: '{{ value_json.used_gb }}' } }, /no ISO 8601 time/);
    const binary = { platform: 'binary_sensor', unique_id: 'p', name: 'Problem', state_topic: 'P/state' };
    accepts({ problem: { ...binary, value_template: "{{ 'ON' if value_json.problem else 'OFF' }}" } });
    refuses({ problem: { ...binary, value_template: '{{ value_json.problem }}' } }, /"False" is neither on nor off/);
  });

  it('looks at every sample of a topic', () => {
    const seen = new Map([['P/state', [state, '{"used_gb":null}', '{"used_gb":"much"}']]]);
    assert.match(messages(lintDocuments([document({ used: sensor() })], seen)), /^used: state "much" is not a number$/);
  });

  it('names a key that a template reads and a state lacks', () => {
    refuses({ used: sensor({ value_template: '{{ value_json.services.drive }}' }) }, /reads "services"/);
  });

  it('refuses events of other types and attributes that are no object or get dropped', () => {
    const event = {
      platform: 'event',
      unique_id: 'e',
      name: 'Backup',
      event_types: ['success'],
      state_topic: 'P/event',
    };
    const judged = (payload: string): string =>
      messages(lintDocuments([document({ event })], new Map([['P/event', payload]])));
    assert.equal(judged('{"event_type":"success"}'), '');
    assert.match(judged('{"event_type":"other"}'), /event_type "other"/);
    assert.match(judged('success'), /no JSON object/);
    const withAttributes = { used: sensor({ json_attributes_topic: 'P/attributes' }) };
    const attributes = (payload: string): string =>
      messages(lintDocuments([document(withAttributes)], new Map([['P/attributes', payload]])));
    assert.equal(attributes('{"task_id":1}'), '');
    assert.match(attributes('[1]'), /no JSON object/);
    assert.match(attributes('{"name":"x"}'), /name are dropped/);
  });

  it('refuses retained commands and wildcards in topics', () => {
    const run = { platform: 'button', unique_id: 'b', name: 'Run', command_topic: 'P/cmd/run' };
    refuses({ run: { ...run, retain: true } }, /retain commands/);
    refuses({ run: { ...run, command_topic: 'P/+/run' } }, /no topic to publish on/);
    refuses({ run: { ...run, command_topic: undefined } }, /no command_topic/);
  });
});

describe('renderTemplate', () => {
  const payload = JSON.stringify({ a: { b: 2.5, list: ['x'] }, yes: true, no: false, none: null, text: 'if' });
  for (const [template, rendered] of [
    ['{{ value_json.a.b }}', '2.5'],
    ["{{ value_json['a'].list[0] }}", 'x'],
    ['{{ value_json.none }}', 'None'],
    ['{{ value_json.yes }}', 'True'],
    ["{{ 'ON' if value_json.yes else 'OFF' }}", 'ON'],
    ["{{ 'ON' if not value_json.yes else 'OFF' }}", 'OFF'],
    ["{{ value_json.a.b if value_json.none is not none else 'if' }}", 'if'],
    ["{{ 'ON' if value_json.text == 'if' else value_json.missing }}", 'ON'],
    ["{{ 'ON' if value_json.text != 'if' else 'a' if value_json.no else 'b' }}", null],
    ['{{ value_json.missing }}', null],
    ['{{ value_json.none.b }}', null],
    ['{{ value_json.a }}', null],
    ['{{ value_json.a.b | round(1) }}', null],
    ['{% if value_json.yes %}x{% endif %}', null],
    ['{{ states("sensor.x") }}', null],
  ] as const) {
    it(rendered === null ? `refuses ${template}` : `renders ${template}`, () => {
      if (rendered === null) assert.throws(() => renderTemplate(template, payload), TemplateError);
      else assert.equal(renderTemplate(template, payload), rendered);
    });
  }

  it('refuses value_json for a payload that is no JSON, and takes value', () => {
    assert.equal(renderTemplate('{{ value }}', 'online'), 'online');
    assert.throws(() => renderTemplate('{{ value_json.a }}', 'online'), TemplateError);
  });
});
