// Faults of sessions, of the account's credentials, and of its second factor.
import assert from 'node:assert/strict';
import { fine, type House, type LibFault } from './fault';

const LIST = 'list_tasks';

function row(group: LibFault['group'], fault: Omit<LibFault, 'where' | 'group'>): LibFault {
  return { where: 'lib', group, ...fault };
}

/** The session ended on the NAS: one new login, and the call goes well. */
function lost(name: string, does: string, strike: LibFault['strike'], more: Partial<LibFault> = {}): LibFault {
  return row('session', {
    name,
    does,
    strike,
    code: null,
    status: fine,
    logins: 1,
    requests: 3,
    ending: 'harmless',
    ...more,
  });
}

const sessions: LibFault[] = [
  lost('session expired', 'idle for too long (106)', ({ nas }) => nas.expireSessions()),
  lost('session expired, older code', 'idle for too long, answered 119', ({ nas }) => {
    nas.switches.idleCode = 119;
    nas.expireSessions();
  }),
  lost('NAS rebooted', 'no session is known any more (119)', ({ nas }) => nas.reboot()),
  lost('kicked out', 'another login with the account ended the session (107)', ({ nas }) => nas.kickSessions()),
  lost('address changed', 'the NAS sees another address than at the login (150)', ({ nas }) =>
    nas.changeAddress('192.0.2.9'),
  ),
  lost(
    'session expired under 50 callers',
    'fifty different calls wait when the session is gone',
    ({ nas }) => nas.expireSessions(),
    {
      call: ({ client }) =>
        Promise.all(Array.from({ length: 50 }, (_, index) => client.getPackageLog({ limit: index + 1 }))),
      requests: 54,
    },
  ),
  lost(
    'stale session on DSM 6',
    'a method that worked is answered 105 once, after a reboot',
    ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 105, times: 1 }),
    { requests: 4 },
  ),
  lost(
    'token out of date',
    'a method that worked is answered 103 once, as without a SynoToken',
    ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 103, times: 1 }),
    { requests: 4 },
  ),
  row('session', {
    name: 'no administrator',
    does: 'the account may log in and nothing else (105); that is no reason to log in again',
    cold: true,
    strike: ({ nas }) => (nas.account.administrator = false),
    mend: ({ nas, session }) => {
      nas.account.administrator = true;
      nas.kickSessions();
      session.unblock();
    },
    code: 'PERMISSION_DENIED',
    status: 'no administrator',
    logins: 1,
    requests: 3,
    ending: 'heals',
  }),
  row('session', {
    name: 'two clients with one account',
    does: 'every session is ended right after its login (107)',
    strike: ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 107 }),
    code: 'SESSION_LOST',
    status: 'session lost',
    logins: 1,
    requests: 3,
    ending: 'heals',
  }),
  row('session', {
    name: 'every session ended, for a hundred calls',
    does: 'a hundred calls while no session lasts: the logins are rationed',
    session: { now: () => Date.UTC(2026, 10, 22) },
    strike: ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 119 }),
    call: async ({ client }) => {
      for (let call = 0; call < 99; call += 1) await client.getTasks().catch(() => undefined);
      await client.getTasks();
    },
    code: 'SESSION_LOST',
    status: 'session lost',
    logins: 20,
    requests: 142,
    ending: 'stays',
  }),
  row('session', {
    name: 'login without a session id',
    does: 'the login is answered with success and no sid',
    cold: true,
    strike: ({ nas }) => nas.faults.add({ method: 'login', kind: 'raw', body: '{"success":true,"data":{}}' }),
    code: 'INVALID_RESPONSE',
    status: 'unreadable answer',
    logins: 1,
    requests: 2,
    ending: 'heals',
  }),
  row('session', {
    name: 'login service down',
    does: 'the login is answered 100',
    cold: true,
    strike: ({ nas }) => nas.faults.add({ method: 'login', kind: 'code', code: 100 }),
    code: 'NAS_ERROR',
    status: 'NAS error',
    logins: 1,
    requests: 2,
    ending: 'heals',
  }),
];

/** The NAS refuses the credentials: one login, and none until a person acts. */
function refused(name: string, does: string, dsmCode: number, more: Partial<LibFault> = {}): LibFault {
  return row('credentials', {
    name,
    does: `${does} (${dsmCode})`,
    cold: true,
    strike: ({ nas }) => (nas.account.refuseWith = dsmCode),
    mend: ({ nas }) => (nas.account.refuseWith = null),
    code: 'AUTH_FAILED',
    status: 'login refused',
    logins: 1,
    requests: 2,
    ending: 'blocks',
    ...more,
  });
}

const originalPassword = 'the right one';
const changePassword = {
  strike: ({ nas }: House) => {
    nas.account.password = 'another';
    nas.reboot();
  },
  mend: ({ nas }: House) => (nas.account.password = originalPassword),
};

const credentials: LibFault[] = [
  refused('wrong password', "the password is not the account's", 400, {
    nas: { password: originalPassword },
    ...changePassword,
  }),
  refused('password changed while we run', 'the session ends and the stored password is wrong by then', 400, {
    cold: undefined,
    nas: { password: originalPassword },
    ...changePassword,
    requests: 3,
  }),
  refused('wrong password under 50 callers', 'fifty different calls at once', 400, {
    nas: { password: originalPassword },
    ...changePassword,
    call: async ({ client }) => {
      const calls = Array.from({ length: 50 }, (_, index) => client.getPackageLog({ limit: index + 1 }));
      await Promise.allSettled(calls);
      await calls[49];
    },
  }),
  refused('account disabled', 'the account is deactivated', 401),
  refused('no right to DSM', 'the account may not use DSM', 402),
  refused('wrong portal', 'the login came through an application portal', 405),
  refused('second factor enforced', 'DSM wants two factors and the account has none', 406),
  refused('address blocked', 'auto block keeps this machine out', 407, {
    code: 'IP_BLOCKED',
    status: 'address blocked',
    also: async ({ client }) => {
      await assert.rejects(client.getTasks(), /Allow\/Block List.*test the connection/s);
    },
  }),
  refused('password expired', 'the password may not be used any more', 408),
  refused('password expired, changeable', 'it has to be changed', 409),
  refused('first login', 'the password must be changed first', 410),
  refused('account locked', 'too many failed logins with this account', 411),
];

const twoFactor = { twoFactor: true, otp: '246810' };

/** A second factor is missing or wrong. */
function factor(name: string, does: string, more: Partial<LibFault>): LibFault {
  return row('two-factor', {
    name,
    does,
    cold: true,
    nas: twoFactor,
    code: 'OTP_REQUIRED',
    status: 'needs a 2FA code',
    logins: 1,
    requests: 2,
    ending: 'blocks',
    mend: ({ session, nas }) => session.pairDevice(nas.otp),
    ...more,
  });
}

const paired = {
  code: null,
  status: fine,
  logins: 1,
  requests: 4,
  ending: 'harmless' as const,
};

/** A session with the device token that another one got with a code. */
async function withToken({ nas, session, another }: House, deviceName?: string) {
  const deviceToken = await session.pairDevice(nas.otp);
  nas.clearRequests();
  return another({ deviceToken, ...(deviceName === undefined ? {} : { deviceName }) });
}

const factors: LibFault[] = [
  factor('no code and no token', 'the account has two factors (403)', {}),
  factor('no code, 50 callers', 'fifty different calls at once', {
    call: async ({ client }) => {
      const calls = Array.from({ length: 50 }, (_, index) => client.getPackageLog({ limit: index + 1 }));
      await Promise.allSettled(calls);
      await calls[49];
    },
  }),
  factor('paired with a wrong code', 'the six digits are not those of the moment (404)', {
    call: ({ session }) => session.pairDevice('000000'),
    ending: 'stays',
  }),
  factor('paired with the right code', 'the NAS gives a device token and the session goes on', {
    call: async ({ session, client, nas }) => {
      await session.pairDevice(nas.otp);
      await client.getTasks();
    },
    ...paired,
  }),
  factor('paired with DSM 6', 'the token is called `did` there', {
    nas: { ...twoFactor, dsm: '6' },
    call: async (house) => (await withToken(house)).client.getTasks(),
    ...paired,
  }),
  factor('restarted after pairing', 'the stored token is enough', {
    call: async (house) => (await withToken(house)).client.getTasks(),
    ...paired,
  }),
  factor('token revoked', 'the device was removed from the trusted ones', {
    call: async (house) => {
      const { client } = await withToken(house);
      house.nas.revokeDevices();
      const calls = Array.from({ length: 20 }, (_, index) => client.getPackageLog({ limit: index + 1 }));
      await Promise.allSettled(calls);
      await client.getTasks();
    },
    ending: 'stays',
  }),
  factor('token of another device name', 'the token holds for the name that it was given to only', {
    call: async (house) => (await withToken(house, 'another name')).client.getTasks(),
    ending: 'stays',
  }),
  factor('token given once only', 'pairing again, the NAS accepts the code and gives no token', {
    nas: { ...twoFactor, switches: { deviceTokenOnce: true } },
    call: async ({ session, another, nas }) => {
      await session.pairDevice(nas.otp);
      nas.clearRequests();
      await another().session.pairDevice(nas.otp);
    },
    code: 'NOT_SUPPORTED',
    status: 'not supported',
    ending: 'stays',
  }),
  factor('sign-in by approval', 'the account signs in by approval on a phone (449)', {
    nas: {},
    strike: ({ nas }) => (nas.account.refuseWith = 449),
    mend: ({ nas }) => (nas.account.refuseWith = null),
  }),
];

export const sessionFaults = [...sessions, ...credentials, ...factors];
