// Who is told what, over restarts, kills and absences.
import assert from 'node:assert/strict';
import { createMonitor } from '../../../lib/monitor';
import { ended, noonMs, taskRow } from './fake-nas';
import { bench, kill, settings, TextStore, Witness, type Bench } from './support';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Ends a run of task 1 a second ago. */
function endRun({ nas, scheduler }: Bench, runId: number): void {
  nas.change(1, ended(runId, scheduler.now() - 1000, { duration: 1 }));
}

describe('deliveries', () => {
  it('tells each watcher each event once, in order', async () => {
    const made = bench();
    const witnesses = ['one', 'two', 'three'].map((id) => new Witness(id));
    for (const witness of witnesses) made.monitor.watch(witness);
    await made.scheduler.pass(50);
    for (let run = 0; run < 5; run += 1) {
      endRun(made, 200 + run);
      await made.scheduler.pass(minute);
    }
    for (const witness of witnesses) {
      assert.deepEqual(
        witness.lasting.filter(({ event }) => event === 'success').map(({ run }) => run?.runId),
        [200, 201, 202, 203, 204],
      );
      assert.equal(new Set(witness.lasting.map(({ eventId }) => eventId)).size, 10);
    }
  });

  it('tells after a restart what happened meanwhile, also to a watcher that starts after the first poll', async () => {
    const first = bench();
    first.monitor.watch(new Witness('early'));
    first.monitor.watch(new Witness('late'));
    await first.scheduler.pass(50);
    first.monitor.close();
    await first.scheduler.pass(2 * day);
    endRun(first, 200);
    const second = bench({}, first);
    const [early, late, fresh] = ['early', 'late', 'fresh'].map((id) => new Witness(id));
    second.monitor.watch(early!);
    await second.scheduler.pass(minute);
    second.monitor.watch(late!);
    second.monitor.watch(fresh!);
    await second.scheduler.pass(minute);
    assert.deepEqual(early!.told, ['started', 'success']);
    assert.deepEqual(late!.told, ['started', 'success']);
    assert.deepEqual(fresh!.told, [], 'it never watched before');
    assert.deepEqual(second.monitor.remembered.unsent, []);
  });

  it('tells who watches for the first time nothing of the months before', async () => {
    const made = bench();
    await made.monitor.refresh();
    await made.scheduler.pass(60 * day);
    endRun(made, 200);
    const next = bench({}, made);
    const witness = new Witness('new');
    next.monitor.watch(witness);
    await next.scheduler.pass(minute);
    assert.deepEqual(witness.told, []);
    endRun(next, 201);
    await next.scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'success']);
  });

  it('repeats an event with its id when the process is killed before it was struck off, and loses none', async () => {
    const first = bench();
    const before = new Witness('flow');
    first.monitor.watch(before);
    await first.scheduler.pass(50);
    endRun(first, 200);
    await first.scheduler.pass(minute);
    const told = before.lasting;
    assert.equal(told.length, 2);
    // Told and struck off, and that not written down yet.
    endRun(first, 201);
    await first.monitor.refresh();
    assert.equal(before.lasting.length, 4);
    kill(first);
    const second = bench({}, first);
    const after = new Witness('flow');
    second.monitor.watch(after);
    await second.scheduler.pass(minute);
    assert.deepEqual(
      after.lasting.map(({ eventId, event }) => `${event} ${eventId}`),
      before.lasting.slice(2).map(({ eventId, event }) => `${event} ${eventId}`),
    );
  });

  it('writes an event down before it tells it', async () => {
    const made = bench();
    const witness = new Witness('flow');
    made.monitor.watch(witness);
    await made.scheduler.pass(50);
    const written: boolean[] = [];
    witness.answer = ({ eventId, event }) => {
      if (event !== 'polled') written.push(made.store.text?.includes(eventId) ?? false);
    };
    endRun(made, 200);
    await made.scheduler.pass(minute);
    assert.deepEqual(written, [true, true]);
  });

  it('keeps an event for the watcher that refused it, and for no other', async () => {
    const made = bench();
    const [good, bad] = [new Witness('good'), new Witness('bad')];
    made.monitor.watch(good);
    made.monitor.watch(bad);
    await made.scheduler.pass(50);
    bad.answer = () => Promise.reject(new Error('no broker'));
    endRun(made, 200);
    await made.scheduler.pass(minute);
    bad.answer = () => undefined;
    bad.forget();
    await made.scheduler.pass(minute);
    assert.deepEqual(good.told, ['started', 'success']);
    assert.deepEqual(bad.told, ['started', 'success']);
    bad.forget();
    await made.scheduler.pass(10 * minute);
    assert.deepEqual(bad.told, []);
  });

  it('does not hand over a second time what still waits, and starts anew with who takes its place', async () => {
    const made = bench();
    const waiting = new Witness('publisher');
    waiting.answer = () => new Promise(() => undefined);
    const leave = made.monitor.watch(waiting);
    await made.scheduler.pass(50);
    endRun(made, 200);
    await made.scheduler.pass(10 * minute);
    assert.deepEqual(waiting.told, ['started', 'success']);
    leave();
    const next = new Witness('publisher');
    made.monitor.watch(next);
    await made.scheduler.pass(100);
    assert.deepEqual(next.told, ['started', 'success'], 'soon, not at the next poll');
  });

  it('forgets who was away for ten minutes: it was deleted', async () => {
    const made = bench();
    const stays = new Witness('stays');
    made.monitor.watch(stays);
    const leave = made.monitor.watch(new Witness('leaves'));
    await made.scheduler.pass(50);
    leave();
    endRun(made, 200);
    await made.scheduler.pass(minute);
    assert.equal(made.monitor.remembered.unsent.length, 2);
    await made.scheduler.pass(11 * minute);
    assert.deepEqual(made.monitor.remembered.unsent, []);
    assert.deepEqual(made.monitor.remembered.watchers, ['stays']);
  });

  it('drops an event that nobody took in a week, and keeps no more than 500', async () => {
    const made = bench({ pollSeconds: 3600 });
    const deaf = new Witness('deaf');
    deaf.answer = () => Promise.reject(new Error('never'));
    made.monitor.watch(deaf);
    await made.scheduler.pass(50);
    endRun(made, 200);
    await made.scheduler.pass(6 * day);
    assert.equal(made.monitor.remembered.unsent.length, 2);
    await made.scheduler.pass(2 * day);
    assert.equal(made.monitor.remembered.unsent.length, 0);
    for (let run = 0; run < 300; run += 1) {
      endRun(made, 300 + run);
      await made.monitor.refresh();
    }
    assert.equal(made.monitor.remembered.unsent.length, 500);
    assert.equal(made.monitor.remembered.unsent.at(-1)?.event.run?.runId, 599);
    assert.ok((made.store.text?.length ?? 0) < 3_000_000);
  });

  it('tells all that one poll found, also where that is more than is kept', async () => {
    const made = bench();
    const ids = Array.from({ length: 300 }, (_, index) => index + 1);
    made.nas.tasks = ids.map((id) => taskRow(id));
    const witness = new Witness('flow');
    made.monitor.watch(witness);
    await made.scheduler.pass(50);
    for (const id of ids) made.nas.change(id, ended(1000 + id, made.scheduler.now() - 1000, { duration: 1 }));
    await made.scheduler.pass(minute);
    for (const name of ['started', 'success']) {
      const told = witness.lasting.filter(({ event }) => event === name).map(({ task }) => task?.id);
      assert.deepEqual(told, ids, name);
    }
    assert.deepEqual(made.monitor.remembered.unsent, []);
  });

  it('writes nothing down after it was closed: the file has a new owner', async () => {
    const made = bench();
    let take: () => void = () => undefined;
    const witness = new Witness('publisher');
    made.monitor.watch(witness);
    await made.scheduler.pass(50);
    witness.answer = () => new Promise((resolve) => (take = resolve));
    endRun(made, 200);
    await made.scheduler.pass(minute);
    made.monitor.close();
    const { saves } = made.store;
    take();
    await made.scheduler.pass(minute);
    assert.equal(made.store.saves, saves);
  });

  it('works without a store that remembers', async () => {
    const made = bench();
    made.nas.tasks = [taskRow(1), taskRow(2)];
    const store = { load: () => null, save: () => undefined };
    const monitor = createMonitor({
      client: made.nas,
      settings,
      store,
      scheduler: made.scheduler,
      random: () => 1,
      log: () => undefined,
    });
    const witness = new Witness('flow');
    monitor.watch(witness);
    await made.scheduler.pass(50);
    made.nas.change(1, ended(200, noonMs + 1000, { duration: 1 }));
    await made.scheduler.pass(minute);
    assert.deepEqual(witness.told, ['started', 'success']);
    assert.equal(new TextStore().load(), null);
  });
});
