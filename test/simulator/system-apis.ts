// The NAS's own APIs, as far as clients of backups touch them: discovery, DSM's information, packages, security.

import { generateKeyPairSync } from 'node:crypto';
import { ABM_PACKAGE } from './abm-api';
import { answer, type ApiRule, refuse } from './call-types';
import { type JsonObject } from './json';
import { type NasCore } from './nas-core';
import { type ParameterRule, textOf } from './parameters';
import { dsmTimeText, localTime } from './time-zone';

const OPTIONAL_TEXT: ParameterRule = { type: 'string', default: null };
const PADDED_PATH = `${'_'.repeat(40)}entry.cgi`;
const MODEL = 'DS923+';
const SERIAL = '2350SIM000001';
const PACKAGE_VERSION = '2.5.5-14034';

/** The path that discovery gives for an API; on DSM 6 logins and keys have their own. */
export function pathOf(nas: NasCore, api: string): string {
  if (nas.dsm === 'padded') return PADDED_PATH;
  if (nas.dsm === '6') {
    const own: Record<string, string> = {
      'SYNO.API.Auth': 'auth.cgi',
      'SYNO.API.Info': 'query.cgi',
      'SYNO.API.Encryption': 'encryption.cgi',
    };
    return own[api] ?? 'entry.cgi';
  }
  return 'entry.cgi';
}

/** `SYNO.API.Info`: which APIs there are, and where. */
export function infoApi(nas: NasCore): ApiRule {
  return {
    name: 'SYNO.API.Info',
    minVersion: 1,
    maxVersion: 1,
    access: 'open',
    requestFormat: 'JSON',
    methods: {
      query: {
        parameters: { query: OPTIONAL_TEXT },
        handle: ({ values }) => {
          const query = values.query === null ? 'all' : textOf(values.query);
          const wanted = query.toLowerCase() === 'all' ? null : query.split(',').map((name) => name.trim());
          const data: JsonObject = {};
          for (const rule of nas.listedApis()) {
            if (wanted !== null && !wanted.includes(rule.name)) continue;
            data[rule.name] = {
              maxVersion: rule.maxVersion,
              minVersion: rule.minVersion,
              path: pathOf(nas, rule.name),
              ...(rule.requestFormat === undefined ? {} : { requestFormat: rule.requestFormat }),
            };
          }
          return answer(data);
        },
      },
    },
  };
}

/** `SYNO.DSM.Info`: any account may read it. */
function dsmInfoApi(nas: NasCore): ApiRule {
  return {
    name: 'SYNO.DSM.Info',
    minVersion: 1,
    maxVersion: 2,
    access: 'session',
    requestFormat: 'JSON',
    methods: {
      getinfo: {
        parameters: {},
        handle: () =>
          answer({
            codepage: 'enu',
            model: MODEL,
            ram: 4096,
            serial: SERIAL,
            temperature: 41,
            temperature_warn: false,
            time: dsmTimeText(nas.timeZone, nas.nowMs()),
            uptime: nas.uptimeSeconds(),
            version: nas.dsm === '6' ? '25556' : '69057',
            version_string: nas.dsm === '6' ? 'DSM 6.2.4-25556 Update 7' : 'DSM 7.2.1-69057 Update 5',
          }),
      },
    },
  };
}

/** `SYNO.Core.System`: model, time and zone. */
function systemApi(nas: NasCore): ApiRule {
  return {
    name: 'SYNO.Core.System',
    minVersion: 1,
    maxVersion: 3,
    access: 'administrator',
    requestFormat: 'JSON',
    methods: {
      info: {
        parameters: { type: OPTIONAL_TEXT },
        handle: () => {
          const local = localTime(nas.timeZone, nas.nowMs());
          const uptime = nas.uptimeSeconds();
          return answer({
            firmware_ver: nas.dsm === '6' ? 'DSM 6.2.4-25556 Update 7' : 'DSM 7.2.1-69057 Update 5',
            model: MODEL,
            ram_size: 4096,
            serial: SERIAL,
            sys_temp: 41,
            time: `${local.year}-${local.month}-${local.day} ${local.hour}:${local.minute}:${local.second}`,
            time_zone: nas.timeZone,
            up_time: `${Math.floor(uptime / 3600)}:${Math.floor(uptime / 60) % 60}:${uptime % 60}`,
          });
        },
      },
    },
  };
}

function packageRow(nas: NasCore, withStatus: boolean): JsonObject {
  const status = nas.switches.packageState === 'running' ? 'running' : 'stop';
  return {
    additional: withStatus ? { status, status_code: 0, status_description: '', status_origin: status } : {},
    id: ABM_PACKAGE,
    name: 'Active Backup for Microsoft 365',
    timestamp: 1718000000000,
    version: PACKAGE_VERSION,
  };
}

/** `SYNO.Core.Package`: `list` in version 2 can add the status; `get` exists in version 1 only. */
function packageApi(nas: NasCore): ApiRule {
  const installed = () => nas.switches.packageState !== 'missing';
  return {
    name: 'SYNO.Core.Package',
    minVersion: 1,
    maxVersion: 2,
    access: 'administrator',
    requestFormat: 'JSON',
    methods: {
      list: {
        parameters: {
          additional: { type: 'array', default: null },
          offset: { type: 'int', default: 0 },
          limit: { type: 'int', default: 0 },
          ignore_hidden: { type: 'bool', default: false },
        },
        handle: ({ call, values }) => {
          const wanted = Array.isArray(values.additional) ? values.additional : [];
          const packages = installed() ? [packageRow(nas, call.version === 2 && wanted.includes('status'))] : [];
          return answer({ packages, total: packages.length });
        },
      },
      get: {
        parameters: { id: { type: 'string' }, additional: { type: 'array', default: null } },
        maxVersion: 1,
        // 4501: the package manager's code for a package that is not there.
        handle: ({ values }) =>
          values.id === ABM_PACKAGE && installed() ? answer(packageRow(nas, true)) : refuse(4501),
      },
    },
  };
}

/** What an administrator may read about sessions and blocked addresses. */
function securityApis(nas: NasCore): ApiRule[] {
  const common = { minVersion: 1, maxVersion: 1, access: 'administrator', requestFormat: 'JSON' } as const;
  return [
    {
      ...common,
      name: 'SYNO.Core.Security.DSM',
      maxVersion: 4,
      methods: {
        get: {
          parameters: {},
          handle: () =>
            answer({
              enable_csrf_protection: nas.switches.csrfProtection,
              skip_ip_checking: !nas.switches.checkAddress,
              timeout: Math.round(nas.switches.idleTimeoutSeconds / 60),
            }),
        },
      },
    },
    {
      ...common,
      name: 'SYNO.Core.Security.AutoBlock',
      methods: {
        get: {
          parameters: {},
          handle: () => {
            const { enabled, attempts, withinMinutes } = nas.autoBlock.rule;
            return answer({ attempts, enable: enabled, expire_day: 0, within_mins: withinMinutes });
          },
        },
      },
    },
  ];
}

/** The key that sign-ins from far away encrypt their first message to; this NAS only gives it out. */
function uiConfigApi(): ApiRule {
  return {
    name: 'SYNO.API.Auth.UIConfig',
    minVersion: 1,
    maxVersion: 1,
    access: 'open',
    requestFormat: 'JSON',
    methods: {
      get: {
        parameters: {},
        handle: () => {
          const key = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x ?? '';
          return { ok: true, data: {}, headers: { 'Set-Cookie': [`_SSID=${key};path=/`] } };
        },
      },
    },
  };
}

/** All of the NAS's own APIs but login, keys and discovery. */
export function systemApis(nas: NasCore): ApiRule[] {
  return [dsmInfoApi(nas), systemApi(nas), packageApi(nas), ...securityApis(nas), uiConfigApi()];
}
