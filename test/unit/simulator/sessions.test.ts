// Sessions of the simulated NAS: how they are sent, and every way in which they end.

import assert from 'node:assert/strict';
import { createVirtualClock, startSimulator, type Simulator } from '../../simulator';
import { call, openSession } from './plain-client';

describe('simulator: sessions', () => {
  let nas: Simulator;
  beforeEach(async () => {
    nas = await startSimulator({ clock: createVirtualClock(Date.UTC(2026, 10, 22)) });
  });
  afterEach(() => nas.close());

  it('takes the sid as cookie or parameter, and wants the token of a session that has one', async () => {
    const session = await openSession(nas);
    const read = async (parameters: Record<string, string>, headers: Record<string, string>) =>
      (await call(nas, 'SYNO.ActiveBackupOffice365', 'list_tasks', 1, parameters, { headers })).json.error?.code;
    const token = session.headers['X-SYNO-TOKEN'] ?? '';
    assert.equal(await read({}, session.headers), undefined);
    assert.equal(await read({ _sid: session.sid, SynoToken: token }, {}), undefined);
    assert.equal(await read({ _sid: session.sid }, {}), 119);
    assert.equal(await read({ _sid: session.sid, SynoToken: 'wrong' }, {}), 119);
    nas.switches.csrfCode = 103;
    assert.equal(await read({ _sid: session.sid }, {}), 103);
    nas.switches.csrfProtection = false;
    assert.equal(await read({ _sid: session.sid }, {}), undefined);
    nas.switches.sidDigitTrap = true;
    assert.equal(await read({ _sid: session.sid }, {}), 119);
    assert.equal(await read({}, { Cookie: `id=${session.sid}` }), undefined);
    const bare = await openSession(nas, { enable_syno_token: 'no' });
    nas.switches.csrfProtection = true;
    assert.equal(await read({}, bare.headers), undefined);
  });

  it('ends a session that was idle too long, with the chosen code, and only then', async () => {
    const session = await openSession(nas);
    nas.clock.advance(900);
    assert.equal((await session.abm('list_tasks')).json.success, true);
    nas.clock.advance(901);
    assert.equal((await session.abm('list_tasks')).json.error?.code, 106);
    nas.switches.idleCode = 119;
    assert.equal((await session.abm('list_tasks')).json.error?.code, 119);
    assert.equal(nas.openSessions, 0);
  });

  it('ends sessions by reboot (119), by a second login (107), by another address (150), by hand (106)', async () => {
    const code = async (session: Awaited<ReturnType<typeof openSession>>) =>
      (await session.abm('list_tasks')).json.error?.code;
    const first = await openSession(nas);
    nas.reboot();
    assert.equal(await code(first), 119);
    nas.switches.kickOnSecondLogin = true;
    const second = await openSession(nas);
    const third = await openSession(nas);
    assert.equal(await code(second), 107);
    nas.changeAddress('192.0.2.9');
    assert.equal(await code(third), 150);
    const fourth = await openSession(nas);
    assert.equal(await code(fourth), undefined);
    nas.expireSessions();
    assert.equal(await code(fourth), 106);
    const fifth = await openSession(nas);
    nas.kickSessions();
    assert.equal(await code(fifth), 107);
  });

  it('refuses writes of sessions below version 7 where that is switched on, and lets them read', async () => {
    nas.switches.oldSessionsReadOnly = true;
    const six = await openSession(nas, {}, 6);
    assert.equal((await six.abm('list_tasks')).json.success, true);
    const refused = await six.abm('backup_task', { task_id: 1 });
    assert.equal(refused.json.error?.code, 105);
    assert.equal(refused.headers['x-request-error'], 'noprivilege');
    const seven = await openSession(nas);
    assert.equal((await seven.abm('backup_task', { task_id: 1 })).json.success, true);
  });

  it('counts open sessions', async () => {
    await openSession(nas);
    await openSession(nas);
    assert.equal(nas.openSessions, 2);
  });
});
