// Every row of the table that needs no Node-RED, acted out against the simulated NAS.
import assert from 'node:assert/strict';
import { errorText } from '../../lib/node-red/status';
import { fine, groups, type House, type LibFault } from './fault';
import { buildHouse, cleanUp, codeOf, loginsOf } from './house';
import { faults } from './table';

const readTasks = (house: House): Promise<unknown> => house.client.getTasks();

/** Nothing goes out, however often it is asked, by whomever, until a person acts. */
async function assertBlocked(house: House, fault: LibFault): Promise<void> {
  const { nas } = house;
  nas.clearRequests();
  const restarted = house.another();
  for (const client of [house.client, house.client, restarted.client, restarted.client]) {
    assert.equal(await codeOf(client.getTasks()), fault.code, 'a further call');
  }
  assert.equal(nas.requests.length, 0, 'requests while blocked');
  await fault.mend?.(house);
  nas.clearRequests();
  house.session.unblock();
  assert.equal(await codeOf(house.client.getTasks()), null, 'after the cause is gone and a person said so');
  assert.ok(loginsOf(nas) <= 1, 'logins afterwards');
}

async function assertEnding(house: House, fault: LibFault, call: NonNullable<LibFault['call']>): Promise<void> {
  const { nas } = house;
  switch (fault.ending) {
    case 'harmless':
      return;
    case 'blocks':
      await assertBlocked(house, fault);
      return;
    case 'stays':
      assert.equal(await codeOf(call(house)), fault.code, 'the same call again');
      return;
    case 'heals':
      if (fault.mend) await fault.mend(house);
      else nas.faults.clear();
      nas.clearRequests();
      assert.equal(await codeOf(house.client.getTasks()), null, 'after the cause is gone');
      assert.ok(loginsOf(nas) <= 1, 'logins afterwards');
  }
}

describe('the table of faults', () => {
  it('has at least sixty rows, in every group, each with a name of its own and the text of its badge', () => {
    assert.ok(faults.length >= 60, `${faults.length} rows`);
    assert.equal(new Set(faults.map(({ name }) => name)).size, faults.length);
    for (const group of groups)
      assert.ok(
        faults.some((fault) => fault.group === group),
        group,
      );
    for (const { where, name, code, status } of faults) {
      if (where === 'lib') assert.equal(status, code === null ? fine : errorText(code), name);
    }
  });

  for (const group of groups) {
    describe(group, () => {
      afterEach(cleanUp);
      for (const fault of faults) {
        if (fault.where !== 'lib' || fault.group !== group) continue;
        it(`${fault.name}: ${fault.does} → ${fault.code ?? 'no error'}, ${fault.ending}`, async () => {
          const call = fault.call ?? readTasks;
          const house = await buildHouse(fault);
          if (fault.cold !== true) await house.client.getTasks();
          await fault.strike?.(house);
          house.nas.clearRequests();
          assert.equal(await codeOf(call(house)), fault.code);
          assert.equal(loginsOf(house.nas), fault.logins, 'logins');
          const asked = house.nas.requests.map(({ method }) => method).join(' ');
          assert.ok(house.nas.requests.length <= fault.requests, `more than ${fault.requests} requests: ${asked}`);
          await fault.also?.(house);
          await assertEnding(house, fault, call);
        });
      }
    });
  }
});
