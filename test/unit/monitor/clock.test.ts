// The clocks of NAS and host, on the simulated NAS.
import assert from 'node:assert/strict';
import { startProcess, startWorld } from './simulator-rig';
import { Witness } from './support';

const startMs = Date.UTC(2026, 10, 22, 12);

describe('clocks of a simulated NAS', () => {
  it('shows by how much the Date header is ahead', async () => {
    const world = await startWorld(startMs, { tasks: 1, switches: { clockSkewSeconds: 600 } });
    try {
      const monitor = startProcess(world);
      monitor.watch(new Witness('flow'));
      await world.scheduler.pass(50);
      assert.equal(monitor.snapshot?.clockSkewSeconds, 600);
      assert.equal(monitor.snapshot.timeZoneProblem, null, 'a wrong clock is no wrong time zone');
    } finally {
      await world.close();
    }
  });

  for (const { zone, configured, problem } of [
    { zone: 'Asia/Kolkata', configured: 'Asia/Kolkata', problem: null },
    { zone: 'Asia/Kolkata', configured: 'Europe/Berlin', problem: /UTC\+05:30/ },
    { zone: 'Europe/Berlin', configured: 'Europe/Paris', problem: null },
    { zone: 'America/St_Johns', configured: 'UTC', problem: /UTC-03:30/ },
  ]) {
    it(`a NAS in ${zone} for a connection in ${configured}: ${problem === null ? 'no problem' : 'said'}`, async () => {
      const world = await startWorld(startMs, { tasks: 1, timeZone: zone });
      try {
        const monitor = startProcess(world, { timeZone: configured });
        const snapshot = monitor.refresh();
        const found = (await snapshot).timeZoneProblem;
        if (problem === null) assert.equal(found, null);
        else assert.match(found ?? '', problem);
      } finally {
        await world.close();
      }
    });
  }
});
