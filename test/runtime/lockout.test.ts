// One wrong password must not block the machine: ten connections with it, restarts and deploys make one login in all.
import assert from 'node:assert/strict';
import { Endings } from '../helpers/endings';
import { type NodeRedProcess, startNodeRed } from '../helpers/node-red-process';
import { type FlowNode, probed } from '../helpers/probe';
import { type Simulator, startSimulator } from '../simulator';
import { bare, codeOf, nasNode } from './nas-flow';

const numbers = Array.from({ length: 10 }, (_, index) => index);

describe('the lockout guard in a real Node-RED', function () {
  this.timeout(90_000);
  const endings = new Endings();
  let nas: Simulator;
  let nodeRed: NodeRedProcess;

  /** Ten connections to one account, each with a watch node that polls on its own. */
  const flow = (password: string): FlowNode[] =>
    numbers.flatMap((number) => [
      {
        ...nasNode(nas, { slug: `office_${number}`, pollSeconds: 5, credentials: { password } }),
        id: `nas-${number}`,
      },
      ...probed({ ...bare('watch'), id: `watch-${number}`, nas: `nas-${number}` }),
    ]);
  const allSay = async (text: string | RegExp, from: number): Promise<void> => {
    for (const number of numbers) {
      await nodeRed.waitForRecord((record) => {
        const status = (record.msg.status as { text?: string } | undefined)?.text ?? '';
        return record.kind === 'status' && record.about === `watch-${number}` && new RegExp(text).test(status);
      }, from);
    }
  };

  before(async () => {
    nas = endings.add(await startSimulator({ tasks: 2, autoBlock: { attempts: 3 } }), (one) => one.close());
    nodeRed = endings.add(await startNodeRed(), (one) => one.stop());
  });
  after(() => endings.all());

  it('logs in once for ten connections with one wrong password, and each says so', async () => {
    await nodeRed.deploy(flow('not the password'));
    await allSay('login refused', 0);
    assert.equal(nas.count('login'), 1);
    assert.equal(nas.loginFailures, 1);
  });

  it('does not try again after a deploy, a restart, a kill or when asked to poll', async () => {
    const from = nodeRed.records.length;
    await nodeRed.deploy(flow('not the password'));
    await allSay('login refused', from);
    const restarted = nodeRed.records.length;
    await nodeRed.restart();
    await allSay('login refused', restarted);
    const killed = nodeRed.records.length;
    await nodeRed.kill9();
    await nodeRed.start();
    await allSay('login refused', killed);
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'AUTH_FAILED');
    assert.equal(nas.count('login'), 1);
  });

  it('does not spend a second login when one of them was removed, whichever remembers', async () => {
    const from = nodeRed.records.length;
    await nodeRed.deploy(flow('not the password').filter((node) => !/-0(-|$)/.test(node.id)));
    await nodeRed.restart();
    await nodeRed.waitForRecord((record) => record.about === 'watch-9' && record.kind === 'status', from);
    assert.equal(codeOf(await nodeRed.call('watch-9', {})), 'AUTH_FAILED');
    assert.equal(nas.count('login'), 1);
    await nodeRed.deploy(flow('not the password'));
  });

  it('tries once more for each press of Test connection, and stays blocked while that fails', async () => {
    const body = { id: 'nas-3', url: nas.url, username: nas.username };
    const answer = await nodeRed.admin.request('active-backup/test', { method: 'POST', body });
    assert.equal((answer.json as { ok: boolean }).ok, false);
    assert.equal(nas.count('login'), 2);
    assert.equal(codeOf(await nodeRed.call('watch-3', {})), 'AUTH_FAILED');
    assert.equal(nas.count('login'), 2);
  });

  it('goes on by itself for all ten once a test of the stored password went well', async () => {
    nas.account.password = 'not the password';
    nas.unblock();
    const from = nodeRed.records.length;
    const body = { id: 'nas-3', url: nas.url, username: nas.username };
    const answer = await nodeRed.admin.request('active-backup/test', { method: 'POST', body });
    assert.equal((answer.json as { ok: boolean }).ok, true, answer.text);
    await allSay('2 tasks', from);
    assert.equal(nas.loginFailures, 0);
  });

  it('tries a changed password, once', async () => {
    nas.account.password = 'the next one';
    nas.reboot();
    const from = nodeRed.records.length;
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'AUTH_FAILED');
    assert.equal(nas.loginFailures, 1);
    await nodeRed.deploy(flow('the next one'));
    await allSay('2 tasks', from);
    assert.equal(nas.loginFailures, 1);
  });

  it('says how to lift a block of the address, and does not try by itself', async () => {
    nas.account.refuseWith = 407;
    nas.reboot();
    const blocked = await nodeRed.call('watch-1', {});
    assert.equal(codeOf(blocked), 'IP_BLOCKED');
    assert.match(blocked.error?.message ?? '', /Control Panel, Security.*Allow\/Block List.*test the connection/s);
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'IP_BLOCKED');
    nas.clearRequests();
    await nodeRed.restart();
    nas.account.refuseWith = null;
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'IP_BLOCKED');
    assert.equal(nas.count('login'), 0);
    assert.equal(nodeRed.statusOf('watch-1')?.text, 'address blocked');
  });

  it('keeps two different wrong passwords of one account apart: one login for each, over restarts too', async () => {
    nas.clearRequests();
    const nodes = flow('wrong one').map((node) =>
      node.type === 'active-backup-nas' && Number(node.id.at(-1)) % 2 === 1
        ? { ...node, credentials: { username: nas.username, password: 'wrong two' } }
        : node,
    );
    await nodeRed.deploy(nodes);
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'AUTH_FAILED');
    await nodeRed.restart();
    for (const number of numbers) assert.equal(codeOf(await nodeRed.call(`watch-${number}`, {})), 'AUTH_FAILED');
    assert.equal(nas.count('login'), 2);
  });
});
