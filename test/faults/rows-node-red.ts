// Faults that only a real Node-RED can have: of the broker, of its own life cycle, and of what a flow file may hold.
import type { NodeRedFault } from './fault';

function row(group: NodeRedFault['group'], fault: Omit<NodeRedFault, 'where' | 'group'>): NodeRedFault {
  return { where: 'node-red', group, ...fault };
}

/** The flow file holds what cannot work: said at once, and nothing is sent. */
function misconfigured(name: string, does: string): NodeRedFault {
  return row('Node-RED', {
    name,
    does,
    code: 'NOT_CONFIGURED',
    status: 'not configured',
    logins: 0,
    requests: 0,
    ending: 'stays',
  });
}

const noBroker = { code: null, status: 'broker not connected', logins: 0, requests: 4, ending: 'heals' } as const;

const broker: NodeRedFault[] = [
  row('broker', { name: 'broker away', does: 'it ends while the publisher is connected', ...noBroker }),
  row('broker', {
    name: 'broker away at the start',
    does: 'nothing listens at its address',
    ...noBroker,
    logins: 1,
    requests: 10,
  }),
  row('broker', {
    name: 'broker refuses the login',
    does: 'it answers "not authorized"',
    ...noBroker,
    logins: 1,
    requests: 10,
  }),
  row('broker', {
    name: 'NAS away behind a good broker',
    does: 'the NAS stops answering; subscribers are told `offline` and keep the last states',
    code: 'UNREACHABLE',
    status: 'broker ok, NAS unreachable',
    logins: 0,
    requests: 0,
    ending: 'heals',
  }),
  row('broker', {
    name: 'command for a task that is not there',
    does: 'somebody publishes on the topic of a task id that no task has',
    code: null,
    status: 'broker and NAS ok, 2 tasks',
    logins: 0,
    requests: 8,
    ending: 'harmless',
  }),
  row('broker', {
    name: 'retained command',
    does: 'a command was left on the broker with the retain flag: it is not obeyed',
    code: null,
    status: 'broker and NAS ok, 2 tasks',
    logins: 0,
    requests: 8,
    ending: 'harmless',
  }),
];

const configuration: NodeRedFault[] = [
  misconfigured('no NAS chosen', 'the node has no connection'),
  misconfigured('connection disabled', 'the config node is disabled'),
  misconfigured('environment variable not set', 'the address is ${NO_SUCH_NAS}'),
  misconfigured('no user name', 'the connection has no credentials'),
  misconfigured('no password', 'the connection has a user name only'),
  misconfigured('address that is none', 'the address is "nas.local"'),
  misconfigured('secret in the address', 'the address holds a user name and a password'),
  misconfigured('TLS settings missing', 'the tls-config node was deleted'),
  misconfigured('one slug twice', 'two connections would publish under one name'),
  misconfigured('polls too often', 'pollSeconds is 1'),
];

const lifeCycle: NodeRedFault[] = [
  row('Node-RED', {
    name: 'deployed while a call waits',
    does: 'a deploy closes the node while the NAS is silent: the message is ended, the session is closed',
    code: 'ABORTED',
    status: 'reading tasks',
    logins: 0,
    requests: 2,
    ending: 'heals',
  }),
  row('Node-RED', {
    name: 'three hundred messages at once',
    does: 'a flow in a loop: identical reads share one request',
    code: null,
    status: '2 tasks',
    logins: 0,
    requests: 2,
    ending: 'harmless',
  }),
  row('Node-RED', {
    name: 'deployed five times',
    does: 'each deploy logs out and in: no session is left behind on the NAS',
    code: null,
    status: '2 tasks',
    logins: 5,
    requests: 40,
    ending: 'harmless',
  }),
  row('Node-RED', {
    name: 'ended while the NAS is silent',
    does: 'the process ends in an orderly way although neither call nor logout is answered',
    code: null,
    status: 'reading tasks',
    logins: 0,
    requests: 2,
    ending: 'heals',
  }),
  row('Node-RED', {
    name: 'memory file damaged',
    does: 'a power cut left half a file: it is set aside, and everything works',
    code: null,
    status: '2 tasks',
    logins: 1,
    requests: 10,
    ending: 'harmless',
  }),
  row('Node-RED', {
    name: 'memory cannot be written',
    does: 'its folder cannot be made: one warning, and everything works',
    code: null,
    status: '2 tasks',
    logins: 1,
    requests: 10,
    ending: 'harmless',
  }),
  row('Node-RED', {
    name: 'killed during every write',
    does: 'kill −9 while six writes wait for their answers: after the start the states are read and nothing is written',
    code: null,
    status: '2 tasks',
    logins: 1,
    requests: 10,
    ending: 'harmless',
  }),
];

export const nodeRedFaults = [...broker, ...configuration, ...lifeCycle];
