// What a watch node makes of its properties, and of a NAS that does not tell all at once.
import assert from 'node:assert/strict';
import { bare, codeOf } from '../runtime/nas-flow';
import { type Bench, startBench, stopBenches } from './bench';

describe('a watch node', () => {
  let bench: Bench;
  afterEach(stopBenches);

  it('names the variable that is not set in any of its properties, and watches nothing in its place', async () => {
    const properties = ['nas', 'tasks', 'events', 'allNas', 'sendCurrentState'];
    const nodes = properties.map((name) => ({
      ...bare('watch'),
      id: `no ${name}`,
      [name]: '${ABM_TEST_NOT_THERE}',
    }));
    bench = await startBench(nodes, { nas: { tasks: 1 } });
    for (const { id } of nodes) {
      await bench.seen(() => bench.statusOf(id)?.text === 'not configured');
      const result = await bench.call(id);
      assert.equal(codeOf(result), 'NOT_CONFIGURED', id);
      assert.match(result.error?.message ?? '', /ABM_TEST_NOT_THERE/);
    }
    assert.equal(bench.nas.requests.length, 0);
  });

  it('tells how things stand only when it is known how the last runs ended', async () => {
    const present = { ...bare('watch'), id: 'present', sendCurrentState: true, events: ['removed'] };
    bench = await startBench([bare('watch', { events: ['polled'] }), present], { nas: { tasks: 1 } });
    const told = (about: string): unknown[] =>
      bench.records
        .filter((record) => record.about === about && record.kind === 'output')
        .map(({ msg }) => (msg.payload as { nas: string }).nas);
    await bench.seen(() => told('present').length === 1);
    const fault = bench.nas.faults.add({ method: 'list_task_logs', kind: 'code', code: 109 });
    // Under another name nothing is remembered of it.
    await bench.deploy({ nas: { slug: 'anew' } });
    await bench.seen(() => told('watch').includes('anew'));
    assert.deepEqual(told('present'), ['office']);
    fault.clear();
    await bench.call('present');
    assert.deepEqual(told('present'), ['office', 'anew']);
    await bench.call('present');
    assert.deepEqual(told('present'), ['office', 'anew']);
  });
});
