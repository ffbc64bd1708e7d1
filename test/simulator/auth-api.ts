// `SYNO.API.Auth`: login with its codes, two-factor and trusted devices, logout.

import { randomBytes } from 'node:crypto';
import { answer, type ApiRule, DONE, type MethodCall, type Outcome, refuse } from './call-types';
import { type Account } from './account';
import { decryptFields } from './encryption';
import { type NasCore } from './nas-core';
import { type ParameterRule } from './parameters';
import { awkwardToken } from './sessions';

const OPTIONAL: ParameterRule = { type: 'raw', default: null };
const WEEK_SECONDS = 7 * 24 * 3600;
const MONTH_SECONDS = 30 * 24 * 3600;

/** The API on this NAS: versions up to 7 on DSM 7, up to 6 on DSM 6. */
export function authApi(nas: NasCore): ApiRule {
  return {
    name: 'SYNO.API.Auth',
    minVersion: 1,
    maxVersion: nas.dsm === '6' ? 6 : 7,
    access: 'open',
    methods: {
      login: {
        parameters: {},
        // DSM 7 knows no login below version 3.
        minVersion: nas.dsm === '6' ? 2 : 3,
        handle: (call) => login(nas, call),
      },
      logout: { parameters: { session: OPTIONAL }, handle: (call) => logout(nas, call) },
    },
  };
}

function login(nas: NasCore, { call, flag }: MethodCall): Outcome {
  const fields = new Map([...call.parameters, ...decryptFields(call.parameters)]);
  const version = call.version ?? 0;
  const address = nas.addressOf(call.http);
  if (nas.autoBlock.blocks(address)) return refuse(407);
  const passwd = fields.get('passwd');
  const username = fields.get('account');
  if (username === undefined || passwd === undefined) return refuse(101);
  if (call.urlParameters.includes('passwd')) flag('password in the URL');

  const account = nas.accounts.find((candidate) => candidate.username === username);
  if (account?.password !== passwd) return failed(nas, address, 400);
  if (account.refuseWith !== null) return refuse(account.refuseWith);
  if (nas.switches.refuseSessionName && fields.has('session')) return refuse(402);
  const ikMessage = fields.get('ik_message') ?? '';
  if (nas.switches.requireIkMessage && version >= 7 && ikMessage === '') return refuse(430);
  const second = secondFactor(nas, account, fields);
  if (second === 'wrong') return failed(nas, address, 404);
  if (second === 'missing') return refuse(403, otpErrors());
  return opened(nas, account, fields, version, address, second === 'code');
}

function failed(nas: NasCore, address: string, code: number): Outcome {
  nas.autoBlock.countFailure(address, nas.clock.now());
  return refuse(code);
}

function otpErrors() {
  return { token: randomBytes(16).toString('hex'), types: [{ type: 'authenticator' }, { type: 'otp' }] };
}

function secondFactor(
  nas: NasCore,
  account: Account,
  fields: ReadonlyMap<string, string>,
): 'not needed' | 'device' | 'code' | 'wrong' | 'missing' {
  if (!account.twoFactor) return 'not needed';
  const otp = fields.get('otp_code') ?? '';
  if (otp !== '') return otp === account.otp ? 'code' : 'wrong';
  const trusted = nas.devices.knows(fields.get('device_id'), account.username, fields.get('device_name') ?? '');
  return trusted ? 'device' : 'missing';
}

function opened(
  nas: NasCore,
  account: Account,
  fields: ReadonlyMap<string, string>,
  version: number,
  address: string,
  byCode: boolean,
): Outcome {
  if (nas.switches.kickOnSecondLogin) nas.sessions.endAll('kicked', account.username);
  const session = nas.sessions.create({
    token: fields.get('enable_syno_token') === 'yes' ? awkwardToken(9) : null,
    account: account.username,
    administrator: account.administrator,
    authVersion: version,
    remoteAddress: address,
    lastUsedMs: nas.clock.now(),
  });
  const deviceToken = newDeviceToken(nas, account, fields, version);
  const data = {
    ...(version >= 7 ? { account: account.username } : {}),
    ...(deviceToken === null ? {} : { [version >= 7 ? 'device_id' : 'did']: deviceToken }),
    ...(version >= 7 ? { ik_message: '' } : {}),
    is_portal_port: false,
    sid: session.sid,
    ...(session.token === null ? {} : { synotoken: session.token }),
  };
  const cookies: string[] = [];
  if ((fields.get('format') ?? 'cookie') === 'cookie') cookies.push(cookie(nas, 'id', session.sid, WEEK_SECONDS));
  if (byCode && deviceToken !== null) cookies.push(cookie(nas, 'did', deviceToken, MONTH_SECONDS));
  return { ...answer(data), headers: cookies.length === 0 ? {} : { 'Set-Cookie': cookies } };
}

/** A device token needs a version that knows it, a wish for it, and a device name to bind it to. */
function newDeviceToken(
  nas: NasCore,
  account: Account,
  fields: ReadonlyMap<string, string>,
  version: number,
): string | null {
  const deviceName = fields.get('device_name') ?? '';
  if (version < 6 || fields.get('enable_device_token') !== 'yes' || deviceName === '') return null;
  const known = fields.get('device_id');
  if (known !== undefined && nas.devices.knows(known, account.username, deviceName)) return known;
  if (nas.switches.deviceTokenOnce && nas.devices.hasName(account.username, deviceName)) return null;
  return nas.devices.trust(account.username, deviceName);
}

function cookie(nas: NasCore, name: string, value: string, seconds: number): string {
  const expires = new Date(nas.nowMs() + seconds * 1000).toUTCString();
  return `${name}=${value};expires=${expires};max-age=${seconds};path=/;HttpOnly`;
}

/** A logout without a sid is a success that ends nothing. */
function logout(nas: NasCore, { call, flag }: MethodCall): Outcome {
  if (call.sid === undefined) flag('logout without a sid');
  else nas.sessions.end(call.sid);
  return DONE;
}
