// Faults of the NAS itself and of the package on it, and the versions that may be met.
import assert from 'node:assert/strict';
import { fine, type LibFault } from './fault';

const LIST = 'list_tasks';

function nasFault(row: Omit<LibFault, 'where' | 'group'>): LibFault {
  return { where: 'lib', group: 'NAS', ...row };
}

/** The web server or the backend of the NAS answers something that is no answer. */
function unreadable(name: string, does: string, strike: LibFault['strike'], more: Partial<LibFault> = {}): LibFault {
  return nasFault({
    name,
    does,
    strike,
    code: 'INVALID_RESPONSE',
    status: 'unreadable answer',
    logins: 0,
    requests: 1,
    ending: 'heals',
    ...more,
  });
}

const pages: LibFault[] = [
  unreadable('backend crashed', 'nginx answers HTTP 502 with its page', ({ nas }) =>
    nas.faults.add({ method: LIST, kind: 'html', status: 502 }),
  ),
  unreadable('backend starting', 'nginx answers HTTP 503 with its page', ({ nas }) =>
    nas.faults.add({ method: LIST, kind: 'html', status: 503 }),
  ),
  unreadable(
    'no DSM at this address',
    'HTTP 404 with a page, from the first request on',
    ({ nas }) => nas.faults.add({ kind: 'html', status: 404 }),
    { cold: true },
  ),
  unreadable(
    'a router instead of the NAS',
    'HTTP 200 with the page of another device, from the first request on',
    ({ nas }) => nas.faults.add({ kind: 'html', status: 200 }),
    { cold: true },
  ),
  unreadable('answer cut off', 'JSON ends in the middle', ({ nas }) =>
    nas.faults.add({ method: LIST, kind: 'truncated' }),
  ),
  unreadable('empty answer', 'HTTP 200 without a body', ({ nas }) => nas.faults.add({ method: LIST, kind: 'empty' })),
  unreadable('no JSON', 'plain words instead of JSON', ({ nas }) => nas.faults.add({ method: LIST, kind: 'not-json' })),
  unreadable(
    'endless answer',
    'an answer longer than the limit',
    ({ nas }) => nas.faults.add({ method: LIST, kind: 'oversized', bytes: 3_000_000 }),
    { session: { maxBodyBytes: 1_000_000 } },
  ),
  unreadable(
    'redirected',
    'HTTP 302 to another address, which would get the password',
    ({ nas }) => nas.faults.add({ kind: 'redirect', status: 302, location: 'https://127.0.0.1:9/' }),
    { cold: true },
  ),
  unreadable(
    'no list of tasks',
    'success, but `tasks` is missing',
    ({ nas }) => nas.answerWith(LIST, { success: true, data: { users: [] } }),
    { mend: ({ nas }) => nas.answerWith(LIST, null) },
  ),
  unreadable(
    'tasks is no list',
    '`tasks` is an object',
    ({ nas }) => nas.answerWith(LIST, { success: true, data: { tasks: {} } }),
    { mend: ({ nas }) => nas.answerWith(LIST, null) },
  ),
  unreadable(
    'task without an id',
    'one element of `tasks` names no task',
    ({ nas }) => nas.answerWith(LIST, { success: true, data: { tasks: [{ task_name: 'x' }] } }),
    { mend: ({ nas }) => nas.answerWith(LIST, null) },
  ),
  unreadable(
    'list of APIs unreadable',
    'discovery answers success without data',
    ({ nas }) => nas.faults.add({ method: 'query', kind: 'raw', body: '{"success":true}' }),
    { cold: true },
  ),
];

const packageFaults: LibFault[] = [
  nasFault({
    name: 'package stopped',
    does: 'its API is gone from one call to the next (102)',
    strike: ({ nas }) => nas.stopPackage(),
    mend: ({ nas }) => nas.startPackage(),
    code: 'PACKAGE_UNAVAILABLE',
    status: 'package not running',
    logins: 0,
    requests: 2,
    ending: 'heals',
  }),
  nasFault({
    name: 'package not installed',
    does: 'its API was never listed; nobody logs in for that',
    cold: true,
    nas: { switches: { packageState: 'missing' } },
    mend: ({ nas }) => nas.startPackage(),
    code: 'PACKAGE_UNAVAILABLE',
    status: 'package not running',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  nasFault({
    name: 'package stopped behind a gateway',
    does: 'the gateway answers HTTP 502 for it',
    nas: { switches: { stoppedAnswers: 'bad-gateway' } },
    strike: ({ nas }) => nas.stopPackage(),
    mend: ({ nas }) => nas.startPackage(),
    code: 'INVALID_RESPONSE',
    status: 'unreadable answer',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  nasFault({
    name: 'package repairing',
    does: 'listed, and every call is answered 117',
    strike: ({ nas }) => (nas.switches.packageState = 'repairing'),
    mend: ({ nas }) => nas.startPackage(),
    code: 'BUSY',
    status: 'NAS busy',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  nasFault({
    name: 'unexplained failure',
    does: 'code 100, "unknown error"',
    strike: ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 100 }),
    code: 'NAS_ERROR',
    status: 'NAS error',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  nasFault({
    name: 'code that nobody has documented',
    does: 'code 4711',
    strike: ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 4711 }),
    code: 'NAS_ERROR',
    status: 'NAS error',
    logins: 0,
    requests: 1,
    ending: 'heals',
  }),
  nasFault({
    name: 'version of the API gone',
    does: 'code 104: discovery is asked once more, and it is not tried again',
    strike: ({ nas }) => nas.faults.add({ method: LIST, kind: 'code', code: 104 }),
    code: 'NOT_SUPPORTED',
    status: 'not supported',
    logins: 0,
    requests: 2,
    ending: 'heals',
  }),
  nasFault({
    name: 'no history',
    does: 'the package does not know list_task_logs (103)',
    nas: { switches: { history: false } },
    call: ({ client }) => client.listRuns(),
    code: 'NOT_SUPPORTED',
    status: 'not supported',
    logins: 0,
    requests: 1,
    ending: 'stays',
  }),
  nasFault({
    name: 'success, and nothing happened',
    does: 'update_worker_count says yes and changes nothing; it is read back',
    strike: ({ nas }) => nas.faults.add({ method: 'update_worker_count', kind: 'accept-nothing' }),
    call: ({ client }) => client.setWorkerCount({ backupWorkers: 7 }),
    code: 'NOT_APPLIED',
    status: 'not applied',
    logins: 0,
    requests: 3,
    ending: 'heals',
    also: ({ nas }) => assert.equal(nas.count('update_worker_count'), 1),
  }),
  nasFault({
    name: 'answer to a start lost',
    does: 'the run starts, the connection breaks before the answer; the state is read instead of starting again',
    strike: ({ nas }) => nas.faults.add({ method: 'backup_task', kind: 'reset', when: 'after' }),
    call: ({ client }) => client.runBackup({ taskId: 1 }),
    code: null,
    status: fine,
    logins: 0,
    requests: 3,
    ending: 'harmless',
    also: ({ nas }) => {
      assert.equal(nas.count('backup_task'), 1);
      assert.equal(nas.task(1).running, true);
    },
  }),
  nasFault({
    name: 'start lost on the way',
    does: 'the connection breaks before the run starts; whether it did cannot be told, and nothing is sent again',
    strike: ({ nas }) => nas.faults.add({ method: 'backup_task', kind: 'reset', times: 1 }),
    call: ({ client }) => client.runBackup({ taskId: 1 }),
    code: 'OUTCOME_UNKNOWN',
    status: 'outcome unknown',
    logins: 0,
    requests: 3,
    ending: 'heals',
    also: ({ nas }) => {
      assert.equal(nas.count('backup_task'), 1);
      assert.equal(nas.task(1).running, false);
    },
  }),
  nasFault({
    name: 'deletion lost, and the NAS gone',
    does: 'the answer to delete_task is lost and the list cannot be read afterwards',
    strike: ({ nas }) => {
      nas.faults.add({ method: 'delete_task', kind: 'reset', when: 'after' });
      nas.faults.add({ method: LIST, kind: 'html', status: 502, skip: 1 });
    },
    call: ({ client, nas }) => client.deleteTask({ taskId: 1, confirm: nas.task(1).setting.task_name }),
    code: 'OUTCOME_UNKNOWN',
    status: 'outcome unknown',
    logins: 0,
    requests: 4,
    ending: 'heals',
    also: ({ nas }) => assert.equal(nas.count('delete_task'), 1),
    // The task is gone: asked again, that is what is said.
    mend: ({ nas }) => {
      nas.faults.clear();
      nas.addTask({ id: 1, name: 'Task 1' });
    },
  }),
];

/** A profile of another version: everything goes well. */
function version(name: string, does: string, more: Partial<LibFault>): LibFault {
  return {
    where: 'lib',
    group: 'versions',
    name,
    does,
    cold: true,
    code: null,
    status: fine,
    logins: 1,
    requests: 3,
    ending: 'harmless',
    ...more,
  };
}

const versions: LibFault[] = [
  version('DSM 6', 'login at auth.cgi, versions up to 6', { nas: { dsm: '6' } }),
  version('DSM 5.2 and its padded paths', 'paths with dozens of underscores', { nas: { dsm: 'padded' } }),
  version('JSON called text', 'Content-Type text/plain', {
    strike: ({ nas }) => nas.faults.add({ kind: 'text-plain' }),
  }),
  version('numbers as text', 'every number is a text', {
    nas: { switches: { payload: { shape: 'current', numericStrings: true } } },
  }),
  version('fields missing', 'status and counters are not there', {
    nas: { switches: { payload: { shape: 'current', omit: ['status', 'success_count', 'progress_list'] } } },
  }),
  version('fields null', 'duration and dates are null', {
    nas: { switches: { payload: { shape: 'current', nulls: ['duration', 'last_execution_time', 'job_id'] } } },
  }),
  version('package of 2020', 'fewer fields', { nas: { switches: { payload: { shape: '2020' } } } }),
  version('fields of the future', 'unknown fields everywhere', {
    nas: { switches: { payload: { shape: 'current', extraFields: true } } },
  }),
  version('no protection against request forgery', 'DSM wants no SynoToken', {
    nas: { switches: { csrfProtection: false } },
  }),
  version('encrypted handshake wanted', 'version 7 logins are answered 430; version 6 goes', {
    nas: { switches: { requireIkMessage: true } },
    logins: 2,
    requests: 4,
  }),
];

export const nasFaults = [...pages, ...packageFaults, ...versions];
