// The published answer to `list_tasks`, read field by field.
import assert from 'node:assert/strict';
import { describeTask } from '../../../../lib/active-backup/assess';
import { readTaskList } from '../../../../lib/active-backup/wire';
import { context, seedAnswer } from './support';

describe('the published sample', () => {
  const list = readTaskList(seedAnswer());
  const task = describeTask(list.tasks[0]!, list.eventLog, context());

  it('is an idle manual task whose last run was a success by its status', () => {
    assert.equal(list.tasks.length, 1);
    assert.equal(task.id, 1);
    assert.equal(task.name, 'test');
    assert.equal(task.activity, 'idle');
    assert.equal(task.result, 'success');
    assert.equal(task.resultBasis, 'status');
    assert.equal(task.policy, 'manual');
    assert.equal(task.problem, false);
    assert.equal(task.problemReason, null);
    assert.equal(task.overdue, null);
    assert.equal(task.stalled, false);
    assert.equal(task.nextRunAt, null);
    assert.equal(task.failuresInARow, 0);
  });

  it('ended 2024-12-10T01:30:35Z after 22,553 seconds', () => {
    assert.deepEqual(task.lastRun, {
      runId: 1,
      startedAt: '2024-12-09T19:14:42Z',
      endedAt: '2024-12-10T01:30:35Z',
      durationSeconds: 22553,
      counters: { succeeded: 3, attention: 0, warnings: 0, errors: 0 },
      transferredBytes: 330136860639,
    });
    assert.equal(task.lastSuccessAt, '2024-12-10T01:30:35Z');
    assert.equal(task.lastCompletedAt, '2024-12-10T01:30:35Z');
  });

  it("gives every service's bytes and their sum", () => {
    const used = Object.fromEntries(Object.entries(task.services).map(([name, state]) => [name, state.usedBytes]));
    assert.deepEqual(used, {
      archive_mail: 9704366035,
      calendar: 2561252,
      contact: 259976,
      drive: 319196921578,
      group_calendar: 0,
      group_mail: 0,
      mail: 1211160588,
      mysite: 0,
      site: 21544726,
      teams: 46484,
    });
    assert.equal(task.usedBytes, 330136860639);
    assert.deepEqual(task.services.drive, {
      enabled: true,
      usedBytes: 319196921578,
      processed: 1,
      warnings: 0,
      errors: 0,
      transferredBytes: 319196921578,
      status: 1,
    });
    assert.equal(task.services.mysite?.enabled, false);
    assert.equal(task.services.mysite.status, null);
  });

  it('keeps every raw code', () => {
    assert.deepEqual(task.codes, { status: 1, taskStatus: 2, taskErrorCode: 0, jobId: 0, executionId: 1 });
  });

  it('reads the schedule although it is not in use', () => {
    assert.deepEqual(task.schedule, {
      kind: 'weekly',
      startHour: 0,
      startMinute: 0,
      lastRunHour: 0,
      repeatEveryHours: 0,
      runDays: [0, 1, 2, 3, 4, 5, 6],
    });
  });

  it('gives what the package stores by service and what it protects', () => {
    assert.equal(list.package.usedBytes, 330136860639);
    assert.deepEqual(list.package.objects, { total: 3, users: 1, sites: 1, teams: 1 });
    const drive = list.package.serviceUsage.find(({ service }) => service === 'drive');
    assert.deepEqual(drive, { serviceType: 0, service: 'drive', usedBytes: 319196921578 });
    const guessed = list.package.serviceUsage.filter(({ service }) => service === null);
    assert.deepEqual(guessed.map(({ serviceType }) => serviceType).sort(), [6, 7, 8]);
  });
});
