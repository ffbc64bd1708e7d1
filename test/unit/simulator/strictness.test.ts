// The simulated NAS refuses what a real one would: names, types and ranges of parameters.

import assert from 'node:assert/strict';
import { startSimulator, type Simulator } from '../../simulator';
import { type Data, openSession, type PlainSession } from './plain-client';

describe('simulator: strictness', () => {
  let nas: Simulator;
  let session: PlainSession;
  before(async () => {
    nas = await startSimulator({ tasks: 2 });
    session = await openSession(nas);
  });
  after(() => nas.close());

  const error = async (method: string, parameters = {}) => (await session.abm(method, parameters)).json.error;

  it('refuses a missing parameter with 114 and a wrong type with 120, naming it', async () => {
    assert.deepEqual(await error('backup_task'), { code: 114, errors: { name: 'task_id', reason: 'required' } });
    for (const task_id of ['one', '1.5', '"1"', '', 'true', '0x1', '1e0', ' 1']) {
      assert.deepEqual(
        await error('backup_task', { task_id }),
        { code: 120, errors: { name: 'task_id', reason: 'type' } },
        task_id,
      );
    }
    for (const should_remove_storage of ['True', 'False', '0', '1', 'yes', '"true"']) {
      const refused = await error('delete_task', { task_id: 1, should_remove_storage });
      assert.equal(refused?.code, 120, should_remove_storage);
    }
    assert.equal((await error('delete_task', { task_id: 1 }))?.code, 114);
    assert.equal((await error('get_general_log', { offset: -1 }))?.code, 120);
    assert.equal((await error('set_task_setting', { task_id: 1, task_info: '[]' }))?.code, 120);
    assert.equal((await error('set_task_setting', { task_id: 1, task_info: 'text' }))?.code, 120);
    assert.equal((await error('relink_task', {}))?.code, 114);
    assert.equal(nas.tasks().length, 2);
  });

  it('refuses names that the method does not know, records them, and can be told to let them pass', async () => {
    assert.deepEqual(await error('get_general_log', { ofset: 3 }), {
      code: 120,
      errors: { name: 'ofset', reason: 'unknown' },
    });
    assert.deepEqual(nas.requests.at(-1)?.unknownParameters, ['ofset']);
    nas.switches.unknownParameters = 'record';
    assert.equal(await error('get_general_log', { ofset: 3 }), undefined);
    nas.switches.unknownParameters = 'refuse';
  });

  it('accepts strings quoted or bare, and flags bare ones that start with a digit', async () => {
    for (const key_word of ['OneDrive', '"OneDrive"']) {
      const { data } = (await session.abm('get_all_log', { task_id: 1, key_word })).json;
      assert.ok((data?.logs?.length ?? 0) > 0, key_word);
    }
    assert.equal((await error('get_all_log', { task_id: 1, key_word: '"open' }))?.code, 120);
    await session.abm('get_all_log', { task_id: 1, key_word: '7up' });
    assert.deepEqual(nas.requests.at(-1)?.flags, ['bare string starts with a digit: key_word']);
  });

  it('has no answer for a task that does not exist', async () => {
    for (const method of ['backup_task', 'get_task_setting', 'get_all_log']) {
      assert.equal((await error(method, { task_id: 99 }))?.code, 117, method);
    }
  });

  describe('task_info', () => {
    const write = async (change: (info: Data) => void) => {
      const { data } = (await session.abm('get_task_setting', { task_id: 1 })).json;
      const info = data?.task_info ?? {};
      for (const name of ['app_permissions', 'administrator_account_email', 'application_id', 'tenant_id']) {
        Reflect.deleteProperty(info, name);
      }
      const lists = ['user_list', 'group_list', 'all_site_list', 'general_site_list', 'my_site_list', 'team_list'];
      for (const name of lists) info[name] = [];
      change(info);
      return error('set_task_setting', { task_id: 1, task_info: info });
    };
    const schedule = (info: Data) => info.schedule as Data;

    it('is accepted whole, with empty lists and without the fields of the account', async () => {
      assert.equal(await write(() => undefined), undefined);
      assert.deepEqual(nas.requests.at(-1)?.flags, []);
    });

    const refusals: Record<string, (info: Data) => void> = {
      'a missing member': (info) => Reflect.deleteProperty(info, 'rotation_policy'),
      'an unknown member': (info) => (info.retention = 3),
      'a number where a flag belongs': (info) => (info.enable_schedule = 1),
      'text where a number belongs': (info) => (info.rotation_policy = '1'),
      'backup policy 2, which is never on the wire': (info) => (info.backup_policy = 2),
      'zero days to keep': (info) => (info.preserve_day_number = 0),
      'more than ten years to keep': (info) => (info.preserve_day_number = 3651),
      'a missing list': (info) => Reflect.deleteProperty(info, 'team_list'),
      'an hour 24': (info) => (schedule(info).hour = 24),
      'week days as a list': (info) => (schedule(info).week_day = [1, 2]),
      'a week day 7': (info) => (schedule(info).week_day = '1,7'),
      'an unknown member of the schedule': (info) => (schedule(info).every = 1),
      "another task's id": (info) => (info.task_id = 2),
    };
    for (const [what, change] of Object.entries(refusals)) {
      it(`is refused with ${what}, and nothing changes`, async () => {
        const before = nas.task(1).setting;
        assert.equal((await write(change))?.code, 120);
        assert.deepEqual(nas.task(1).setting, before);
      });
    }

    it('is flagged with fields of the account or lists that are not empty', async () => {
      assert.equal(await write((info) => (info.tenant_id = 'other')), undefined);
      assert.deepEqual(nas.requests.at(-1)?.flags, ['account field in task_info: tenant_id']);
      assert.notEqual(nas.task(1).setting.tenant_id, 'other');
      await write((info) => (info.team_list = [{ id: 'x', selected: true }]));
      assert.deepEqual(nas.requests.at(-1)?.flags, ['list in task_info is not empty: team_list']);
    });

    it('is accepted in the shape in which the NAS gives it, and what is not in it stays', async () => {
      const before = structuredClone(nas.task(1).setting);
      nas.switches.payload = {
        shape: 'current',
        omit: ['monthly_week', 'enable_user_restore'],
        nulls: ['repeat_min', 'site_domain'],
        extraFields: true,
      };
      try {
        assert.equal(await write((info) => (info.enable_schedule = true)), undefined);
        assert.deepEqual(nas.task(1).setting, { ...before, enable_schedule: true });
        assert.equal((await write((info) => (schedule(info).every = 1)))?.code, 120);
        assert.equal((await write((info) => (info.region = null)))?.code, 120);
        assert.equal((await write((info) => Reflect.deleteProperty(info, 'region')))?.code, 120);
      } finally {
        nas.switches.payload = { shape: 'current' };
      }
    });

    it('is accepted with the misspelt member that the public client writes, which is not kept', async () => {
      assert.equal(await write((info) => (schedule(info).repeat_minute_store_config = null)), undefined);
      assert.ok(!('repeat_minute_store_config' in nas.task(1).setting.schedule));
    });
  });

  it('keeps workers between 5 and what the NAS can do', async () => {
    const update = async (backup: number, event: number) =>
      (await error('update_worker_count', { backup_job_worker_count: backup, event_worker_count: event }))?.code;
    assert.equal(await update(4, 10), 120);
    assert.equal(await update(10, 41), 120);
    assert.equal(await update(5, 40), undefined);
    const { data } = (await session.abm('get_worker_count')).json;
    assert.deepEqual([data?.backup_job_worker_count, data?.event_worker_count], [5, 40]);
  });
});
