import assert from 'node:assert/strict';
import { packageState, taskStates } from '../../../lib/home-assistant/state';
import { topicsFor } from '../../../lib/home-assistant/topics';
import { health, lost, settings, snapshot, task } from './fixtures';

const topics = topicsFor(settings());

function stateOf(about: Parameters<typeof taskStates>[1]): Record<string, unknown> {
  return JSON.parse(taskStates(topics, about)[0]?.payload ?? '') as Record<string, unknown>;
}

describe("a task's state", () => {
  it('carries the figures of the published sample in the units that Home Assistant shows', () => {
    const state = stateOf(task());
    assert.deepEqual(
      {
        ...state,
        services: (state.services as Record<string, unknown>).drive,
      },
      {
        task_id: 1,
        name: 'Test',
        running: 'OFF',
        last_result: 'success',
        problem: 'OFF',
        problem_reason: 'none',
        overdue: 'OFF',
        stalled: 'OFF',
        last_run: '2024-12-10T01:30:35Z',
        started: '2024-12-09T19:14:42Z',
        last_success: '2024-12-10T01:30:35Z',
        last_completed: '2024-12-10T01:30:35Z',
        next_run: '2026-10-02T01:00:00Z',
        duration: 22553,
        duration_min: 375.89,
        transferred_bytes: 330136860639,
        transferred_mb: 330136.861,
        transferred_gb: 330.137,
        used_bytes: 330136860639,
        used_gb: 330.137,
        succeeded: 3,
        attention: 0,
        warnings: 0,
        errors: 0,
        failures_in_a_row: 0,
        status_code: 1,
        error_code: 0,
        policy: 'scheduled',
        retention_days: null,
        services: { used_gb: 319.197, processed: 1, warnings: 0, errors: 0, problem: 'OFF' },
      },
    );
  });

  it('has the length of a run in minutes that give its seconds again, where a fraction of a second is dropped', () => {
    const { lastRun } = task();
    assert.ok(lastRun !== null);
    const shown = [4, 7, 60, 5435, 22553, 86399].map((durationSeconds) => {
      const minutes = Number(stateOf(task({ lastRun: { ...lastRun, durationSeconds } })).duration_min);
      return `${Math.floor(minutes)}m ${Math.floor((minutes % 1) * 60)}s`;
    });
    assert.deepEqual(shown, ['0m 4s', '0m 7s', '1m 0s', '90m 35s', '375m 53s', '1439m 59s']);
  });

  it('has every key, null where nothing is known', () => {
    const known = Object.keys(stateOf(task()));
    const unknown = stateOf(
      task({ result: 'unknown', lastRun: null, overdue: null, stalled: null, policy: null, services: {} }),
    );
    assert.deepEqual(Object.keys(unknown), known);
    for (const key of ['last_result', 'overdue', 'stalled', 'last_run', 'duration', 'transferred_mb', 'policy']) {
      assert.equal(unknown[key], null, key);
    }
    assert.equal(Object.keys(unknown.services as object).length, 10);
  });

  it('knows no status', () => {
    assert.equal('status' in stateOf(task()), false);
  });

  it('keeps its attributes below a kilobyte', () => {
    const services = Object.fromEntries(
      [
        'archive_mail',
        'calendar',
        'contact',
        'drive',
        'group_calendar',
        'group_mail',
        'mail',
        'mysite',
        'site',
        'teams',
      ].map((name) => [name, { ...task().services.drive, warnings: 1 }]),
    ) as ReturnType<typeof task>['services'];
    const attributes = taskStates(topics, task({ services }))[1]?.payload ?? '';
    assert.ok(attributes.length < 1024);
    assert.equal((JSON.parse(attributes) as { services: Record<string, string> }).services.mail, 'warning');
  });
});

describe("the package's state", () => {
  const read = (source: Parameters<typeof packageState>[1]): Record<string, unknown> =>
    JSON.parse(packageState(topics, source).payload) as Record<string, unknown>;

  it('counts tasks, running ones and those with a problem', () => {
    const tasks = [
      task(),
      task({ id: 2, activity: 'running' }),
      task({ id: 3, problem: true, problemReason: 'failed' }),
    ];
    const state = read({ snapshot: snapshot(tasks), health: health() });
    assert.deepEqual(
      [state.tasks, state.tasks_running, state.tasks_failing, state.problem, state.used_gb],
      [3, 1, 1, 'ON', 400],
    );
  });

  it('calls a list that dropped to empty a problem', () => {
    const state = read({ snapshot: snapshot([], { listDroppedToEmpty: true }), health: health() });
    assert.deepEqual([state.problem, state.task_list_lost], ['ON', 'ON']);
  });

  it('names an error as a word and never by its text', () => {
    const { payload } = packageState(topics, { snapshot: null, health: lost });
    assert.equal((JSON.parse(payload) as { last_error: string }).last_error, 'unreachable');
    assert.equal(payload.includes('nas.example'), false);
    assert.equal(read({ snapshot: null, health: health({ errorCode: 'NEW_CODE' }) }).last_error, 'nas_error');
    assert.equal(read({ snapshot: snapshot([]), health: health() }).last_error, 'none');
  });

  it('does not change because another poll was made', () => {
    const first = packageState(topics, { snapshot: snapshot([task()]), health: health() });
    const second = packageState(topics, {
      snapshot: snapshot([task()], { atMs: 99e11 }),
      health: health({ lastGoodPollMs: 99e11 }),
    });
    assert.deepEqual(first, second);
  });
});
