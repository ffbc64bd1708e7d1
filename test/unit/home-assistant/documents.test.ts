import assert from 'node:assert/strict';
import { documents, packageDocument, taskDocument, visitUrl } from '../../../lib/home-assistant/discovery';
import { packageState, taskStates } from '../../../lib/home-assistant/state';
import { taskSlugs } from '../../../lib/home-assistant/task-slugs';
import { topicsFor } from '../../../lib/home-assistant/topics';
import type { Task } from '../../../lib/active-backup/types';
import { lintDocuments } from '../../home-assistant/lint-documents';
import { health, lost, manyTasks, settings, snapshot, task } from './fixtures';

const chosen = settings();
const topics = topicsFor(chosen);
const discovery = { ...chosen, commandsAllowed: true };

interface Component {
  platform: string;
  unique_id: string;
  default_entity_id: string;
  name: string;
  enabled_by_default?: boolean;
  entity_category?: string;
  availability?: { topic: string }[];
  availability_mode?: string;
  value_template?: string;
  command_topic?: string;
  event_types?: string[];
  json_attributes_topic?: string;
  suggested_display_precision?: number;
}

function componentsOf(document: { components: object }): Record<string, Component> {
  return JSON.parse(JSON.stringify(document.components)) as Record<string, Component>;
}

function taskComponents(about: Task, settingsNow = discovery): Record<string, Component> {
  return componentsOf(taskDocument(topics, settingsNow, about, taskSlugs([about]).get(about.id) ?? ''));
}

/** Every document and every payload of a set of tasks, through the judge that knows Home Assistant's rules. */
function judge(tasks: Task[], settingsNow = discovery): unknown[] {
  const now = snapshot(tasks);
  const published = [...documents(topics, settingsNow, now)].map(([topic, document]) => ({
    topic,
    payload: JSON.stringify(document),
  }));
  const samples = new Map<string, string[]>();
  for (const source of [
    { snapshot: now, health: health() },
    { snapshot: null, health: lost },
  ]) {
    const { topic, payload } = packageState(topics, source);
    samples.set(topic, [...(samples.get(topic) ?? []), payload]);
  }
  for (const about of tasks) {
    for (const { topic, payload } of taskStates(topics, about)) samples.set(topic, [payload]);
  }
  samples.set(topics.status, ['online', 'offline']);
  samples.set(topics.nas, ['online', 'offline']);
  return lintDocuments(published, samples);
}

const nothingKnown = task({
  id: 5,
  result: 'unknown',
  policy: null,
  lastRun: null,
  lastSuccessAt: null,
  lastCompletedAt: null,
  failuresInARow: null,
  nextRunAt: null,
  overdue: null,
  stalled: null,
  usedBytes: null,
  services: {},
  codes: { status: null, taskStatus: null, taskErrorCode: null, jobId: null, executionId: null },
});

describe('device documents', () => {
  it('satisfy a Home Assistant that refuses and warns as the real one does', () => {
    const odd = [
      task(),
      task({ id: 2, name: 'New <b>name</b> {{ 7*7 }} "q" ü 🙂' }),
      task({ id: 3, name: 'x'.repeat(300) }),
      task({ id: 4, name: '' }),
      nothingKnown,
      task({ id: 6, policy: 'manual', problem: true, problemReason: 'failed', result: 'failed', overdue: true }),
      task({ id: 7, name: 'Test' }),
      task({ id: 8, name: 'mail of admin@contoso.example' }),
    ];
    assert.deepEqual(judge(odd), []);
    assert.deepEqual(judge(odd, { ...discovery, commandsAllowed: false }), []);
  });

  it('of a hundred tasks have no two entities with one id', () => {
    assert.deepEqual(judge(manyTasks(100)), []);
  });

  it('announce the package first, and a task as its child', () => {
    const found = [...documents(topics, discovery, snapshot(manyTasks(2)))];
    assert.deepEqual(
      found.map(([topic]) => topic),
      [
        'homeassistant/device/active_backup_office/config',
        'homeassistant/device/active_backup_office_task_1/config',
        'homeassistant/device/active_backup_office_task_2/config',
      ],
    );
    assert.equal(found[1]?.[1].device.via_device, 'active_backup_office');
    assert.equal(found[0]?.[1].device.sw_version, '2.5.0-1234');
    assert.equal(found[0][1].device.name, 'Office NAS M365 backup');
  });

  it('enable thirteen entities of a scheduled task and offer the rest disabled', () => {
    const all = taskComponents(task(), { ...discovery, commandsAllowed: false });
    const enabled = Object.keys(all).filter((key) => all[key]?.enabled_by_default !== false);
    assert.deepEqual(enabled.sort(), [
      'attention',
      'backup',
      'duration',
      'last_result',
      'last_run',
      'last_success',
      'next_run',
      'overdue',
      'policy',
      'problem',
      'running',
      'transferred',
      'used_storage',
    ]);
    for (const key of ['succeeded', 'warnings', 'errors', 'error_code', 'stalled', 'started', 'failures_in_a_row']) {
      assert.equal(all[key]?.enabled_by_default, false, key);
    }
  });

  it('show what a short run with little to send did, and not zero or a multiple of six seconds', () => {
    const { lastRun } = task();
    assert.ok(lastRun !== null);
    const short = task({ lastRun: { ...lastRun, durationSeconds: 7, transferredBytes: 1_400_000 } });
    const state = JSON.parse(taskStates(topics, short)[0]?.payload ?? '') as Record<string, number>;
    const { duration, transferred } = taskComponents(short);
    const shown = [
      state.duration_min?.toFixed(duration?.suggested_display_precision),
      state.transferred_gb?.toFixed(transferred?.suggested_display_precision),
    ];
    assert.deepEqual(shown, ['0.12', '0.001']);
  });

  it('hold no status, no last poll, no number and no select', () => {
    const all = { ...componentsOf(packageDocument(topics, discovery, snapshot([task()]))), ...taskComponents(task()) };
    assert.equal('status' in all || 'last_poll' in all, false);
    assert.deepEqual([...new Set(Object.values(all).map(({ platform }) => platform))].sort(), [
      'binary_sensor',
      'button',
      'event',
      'sensor',
    ]);
  });

  it('have ids from slug and task id, which a rename leaves alone', () => {
    const before = taskComponents(task({ id: 12, name: 'Before' }));
    const after = taskComponents(task({ id: 12, name: 'Ganz anders' }));
    assert.equal(before.problem?.unique_id, 'active_backup_office_task_12_problem');
    assert.equal(before.problem.default_entity_id, 'binary_sensor.active_backup_office_before_problem');
    assert.deepEqual(
      Object.values(after).map(({ unique_id }) => unique_id),
      Object.values(before).map(({ unique_id }) => unique_id),
    );
  });

  it('keep the connectivity entities available when what they report is away', () => {
    const all = componentsOf(packageDocument(topics, discovery, snapshot([])));
    assert.deepEqual(all.publisher?.availability, []);
    assert.deepEqual(all.nas?.availability, [{ topic: topics.status }]);
    assert.deepEqual(all.activity?.availability, [{ topic: topics.status }]);
  });

  it('say the availability of all other entities once, and stay small with seven services', () => {
    const drive = task().services.drive!;
    const names = ['drive', 'mail', 'archive_mail', 'calendar', 'contact', 'site', 'teams'];
    const about = task({ services: Object.fromEntries(names.map((name) => [name, drive])) });
    for (const document of [
      packageDocument(topics, discovery, snapshot([about])),
      taskDocument(topics, discovery, about, 'test'),
    ]) {
      assert.deepEqual(document.availability, [{ topic: topics.status }, { topic: topics.nas }]);
      assert.equal(document.availability_mode, 'all');
      assert.ok(JSON.stringify(document).length < 25_000, String(JSON.stringify(document).length));
    }
    assert.equal(taskComponents(about).problem?.availability, undefined);
  });

  it('offer run and cancel only when commands are allowed, and refresh always', () => {
    assert.equal(taskComponents(task()).run?.command_topic, 'active-backup/office/task/1/cmd/run');
    const refused = taskComponents(task(), { ...discovery, commandsAllowed: false });
    assert.equal('run' in refused || 'cancel' in refused, false);
    const ofPackage = componentsOf(packageDocument(topics, { ...discovery, commandsAllowed: false }, null));
    assert.equal(ofPackage.refresh?.command_topic, 'active-backup/office/cmd/refresh');
  });

  it('list only the services that a task backs up', () => {
    const all = Object.keys(taskComponents(task()));
    assert.ok(all.includes('drive_used') && all.includes('mail_problem'));
    assert.equal(
      all.some((key) => key.startsWith('teams_')),
      false,
    );
  });

  it('leave the next run out where no schedule gives one', () => {
    assert.ok('next_run' in taskComponents(task({ policy: null })));
    assert.equal('next_run' in taskComponents(task({ policy: 'continuous' })), false);
  });

  it('are the same text for the same snapshot', () => {
    const write = (): string => JSON.stringify([...documents(topics, discovery, snapshot(manyTasks(3)))]);
    assert.equal(write(), write());
  });

  it('show a name without e-mail address, whatever it holds otherwise', () => {
    const name = (raw: string): unknown => taskDocument(topics, discovery, task({ name: raw }), 'x').device.name;
    assert.equal(name('New <b>name</b> {{ 7*7 }} "q" ü 🙂'), 'M365 backup New <b>name</b> {{ 7*7 }} "q" ü 🙂');
    assert.equal(name('of admin@contoso.onmicrosoft.com!'), 'M365 backup of ***!');
    assert.equal(name(''), 'M365 backup task 1');
  });
});

describe('the link to the NAS', () => {
  it('never carries credentials or a query', () => {
    assert.equal(
      visitUrl('https://admin:secret@nas.example:5001/?_sid=abc'),
      'https://nas.example:5001/?launchApp=SYNO.SDS.ActiveBackupOffice365.Instance',
    );
    assert.equal(visitUrl('${NAS_URL}'), null);
    assert.equal(visitUrl('ftp://nas.example'), null);
  });
});

describe('slugs of task names', () => {
  it('tell tasks with one name apart and leave the older one alone', () => {
    const slugs = taskSlugs([
      { id: 9, name: 'Übung ß' },
      { id: 3, name: 'übung ss' },
      { id: 4, name: '🙂' },
    ]);
    assert.deepEqual([...slugs].sort(), [
      [3, 'ubung_ss'],
      [4, 'task_4'],
      [9, 'ubung_ss_9'],
    ]);
  });
});
