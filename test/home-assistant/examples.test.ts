// The blueprints and the dashboard of examples/home-assistant in a real Home Assistant, on the oldest and the newest release.
// Needs a built package (`npm run build`); the tests of a release build on each other.
import assert from 'node:assert/strict';
import { type TaskSpec } from '../simulator';
import {
  addAutomation,
  blueprints,
  bringBlueprints,
  bringDashboard,
  notifications,
  render,
  trigger,
  type Card,
  type Notification,
} from './example-files';
import { buildHouse, slug, type House } from './house';
import { waitUntil } from './processes';
import { releaseNames, releases } from './releases';

const minute = 60_000;
const day = 86_400;

/** A name as somebody may type it who means no good to a page. */
const roguish = 'D | <b>bold</b> {{ 7*7 }}';

/** Fine by schedule (and not due while this test runs), failing, never run, and long without a run. */
const tasks: TaskSpec[] = [
  { name: 'Tenant A', policy: 'scheduled', schedule: { hour: (new Date().getHours() + 12) % 24 } },
  {
    name: 'Tenant B',
    policy: 'manual',
    history: [{ startedSecondsAgo: 7200, durationSeconds: 600, outcome: 'failed', taskErrorCode: -13 }],
  },
  { name: 'Tenant C', policy: 'manual', history: [] },
  {
    name: roguish,
    policy: 'manual',
    history: [{ startedSecondsAgo: 12 * day + 7200, durationSeconds: 600, outcome: 'success' }],
  },
];

/** An action that shows what an automation tells, under an id of its own. */
function tell(id: string): object[] {
  const data = { title: '{{ title }}', message: '{{ message }}', notification_id: id };
  return [{ action: 'persistent_notification.create', data }];
}

/** The parts of Home Assistant that run what these files hold. */
const running = /automation|blueprint|lovelace|persistent_notification|script|template/;

for (const release of releaseNames) {
  describe(`The examples in Home Assistant ${releases[release].version}`, function () {
    this.timeout(3 * minute);
    let house: House;
    let cards: Card[];
    let close = (): Promise<void> => Promise.resolve();

    before(async () => {
      house = await buildHouse(release, tasks);
      close = () => house.close();
      await waitUntil('five devices', async () => (await house.announced()).length === 5, { timeoutMs: minute });
      await house.settled();
      await bringBlueprints(house.homeAssistant);
      cards = await bringDashboard(house.homeAssistant, 'active-backup');
    });
    after(() => close());

    /** Home Assistant's id of the device of a task, or of the package. */
    const deviceId = async (taskId?: number): Promise<string> => {
      const identifier = `active_backup_${slug}${taskId === undefined ? '' : `_task_${taskId}`}`;
      const { devices } = await house.homeAssistant.registry();
      const found = devices.find(({ identifiers }) => identifiers.includes(identifier));
      assert.ok(found !== undefined);
      return found.id;
    };
    const notification = async (id: string): Promise<Notification | null> =>
      (await notifications(house.homeAssistant)).get(id) ?? null;
    const told = (id: string): Promise<Notification> => waitUntil(`"${id}"`, () => notification(id));
    /** Adds an automation of the reminder, runs it, and answers the lines that it tells; null when it tells nothing. */
    const remind = async (id: string, input: Readonly<Record<string, unknown>>): Promise<string[] | null> => {
      const automation = { remind: tell(id), ...input };
      await trigger(
        house.homeAssistant,
        await addAutomation(house.homeAssistant, id, 'no-good-backup-for', automation),
      );
      return (await notification(id))?.message.split('\n') ?? null;
    };
    const drawn = async (): Promise<string> => {
      const contents = cards.flatMap(({ content }) => (content === undefined ? [] : [content]));
      return (await Promise.all(contents.map((content) => render(house.homeAssistant, content)))).join('\n');
    };
    const endRun = async (taskId: number, outcome: 'success' | 'failed'): Promise<void> => {
      house.nas.task(taskId).start();
      await house.waitForState(`task_${taskId}_running`, 'on');
      house.nas.task(taskId).finish({ outcome });
    };

    it('lists the blueprints without an error', async () => {
      const listed = (await house.homeAssistant.call('blueprint/list', { domain: 'automation' })) as object;
      for (const name of blueprints) {
        const entry = Object.entries(listed).find(([path]) => path === `active-backup/${name}.yaml`);
        assert.ok(entry !== undefined, name);
        assert.ok(!('error' in (entry[1] as object)), JSON.stringify(entry[1]));
      }
    });

    it('draws every task on the dashboard, with cards of Home Assistant only', async () => {
      assert.deepEqual(
        cards.filter(({ type }) => type.startsWith('custom:')),
        [],
      );
      const page = await drawn();
      const rows = page
        .split('\n')
        .filter((line) => line.startsWith('<tr>'))
        .map((row) =>
          row
            .replace(/<[^>]+>/g, '|')
            .replace(/\|+/g, '|')
            .replace(/\d+ hours?/g, '… hours')
            // One word: on a phone the unit would stand in a line of its own.
            .replace(/[\d.]+&nbsp;GB/, '… GB'),
        );
      assert.deepEqual(rows, [
        '|Tenant B|failed · no good backup|… GB|',
        '|D | &lt;b&gt;bold&lt;/b&gt; {{ 7*7 }}|success · last good 12 days ago|… GB|',
        '|Tenant A|success · last good … hours ago · next in … hours|… GB|',
        '|Tenant C|never · no good backup|… GB|',
      ]);
      assert.match(page, /Home M365 backup<\/b><br>1 of 4 tasks need attention · \d+\.\d\d GB</);
      assert.doesNotMatch(page, /unknown|unavailable|None|<b>bold/);
      for (const taskId of [1, 2, 3, 4]) assert.ok(page.includes(`/config/devices/device/${await deviceId(taskId)}"`));
    });

    it('tells the end of a problem, of the task and of the package', async () => {
      const { homeAssistant } = house;
      const [a, b, all] = await Promise.all(
        ['task_1_problem', 'task_2_problem', 'problem'].map((key) => house.entityId(key)),
      );
      const own = { when_problem: tell('problem_{{ tag }}'), when_over: tell('over_{{ tag }}') };
      // Three seconds are patience enough for a test.
      const chosen = { ...own, problems: [a, b, all], minutes: 0.05 };
      await addAutomation(homeAssistant, 'chosen_actions', 'backup-needs-attention', chosen);
      await addAutomation(homeAssistant, 'default_actions', 'backup-needs-attention', { problems: [a], minutes: 0 });
      const patient = { problems: [a], minutes: 60, when_problem: tell('patient'), when_over: tell('patient') };
      await addAutomation(homeAssistant, 'patient', 'backup-needs-attention', patient);
      await endRun(2, 'success');
      const task = await told(`over_backup_${await deviceId(2)}`);
      assert.equal(task.title, 'Backup is fine again: M365 backup Tenant B');
      assert.match(
        task.message,
        /^M365 backup Tenant B: success, last good backup \d{4}-\d\d-\d\d \d\d:\d\d, \d+ seconds? ago$/,
      );
      const whole = await told(`over_backup_${await deviceId()}`);
      assert.deepEqual(whole, { title: 'Backup is fine again: Home M365 backup', message: 'All tasks are fine.' });
    });

    it('tells a problem after the chosen time, with the last result and the last good backup', async () => {
      const device = await deviceId(1);
      await endRun(1, 'failed');
      await house.waitForState('task_1_problem', 'on');
      const task = await told(`problem_backup_${device}`);
      assert.equal(task.title, 'Backup needs attention: M365 backup Tenant A');
      assert.match(
        task.message,
        /^M365 backup Tenant A: failed, last good backup \d{4}-\d\d-\d\d \d\d:\d\d, \d+ \w+ ago$/,
      );
      const whole = await told(`problem_backup_${await deviceId()}`);
      assert.equal(whole.title, 'Backup needs attention: Home M365 backup');
      assert.equal(whole.message, task.message);
      assert.deepEqual(await told(`backup_${device}`), task);
    });

    it('takes its own notification back when the task has recovered', async () => {
      const device = await deviceId(1);
      await endRun(1, 'success');
      const over = await told(`over_backup_${device}`);
      assert.equal(over.title, 'Backup is fine again: M365 backup Tenant A');
      assert.match(over.message, /^M365 backup Tenant A: success, .* seconds? ago$/);
      await waitUntil('no notification', async () => (await notification(`backup_${device}`)) === null);
    });

    it('tells neither problem nor end when the problem was short', async () => {
      assert.equal(await notification('patient'), null);
    });

    it('shows what it would tell when its user runs it by hand', async () => {
      await house.homeAssistant.callService('automation', 'trigger', { entity_id: 'automation.default_actions' });
      const tried = await told(`backup_${await deviceId(1)}`);
      assert.equal(tried.title, 'Backup needs attention: M365 backup Tenant A');
      assert.match(tried.message, /^M365 backup Tenant A: success, /);
    });

    it('reminds of tasks without a good backup for days, and of none that is left out', async () => {
      const never = '- M365 backup Tenant C: no good backup';
      const long = `- M365 backup ${roguish}: last good backup 12 days ago`;
      assert.deepEqual((await remind('three_days', {}))?.sort(), [long, never]);
      assert.deepEqual(await remind('a_month', { days: 30 }), [never]);
      assert.equal(await remind('left_out', { days: 30, without: [await deviceId(3)] }), null);
      assert.equal(await remind('never_today', { weekdays: [] }), null);
    });

    it('lists all tasks in a digest at its time, under the names that the user gave', async () => {
      const { homeAssistant } = house;
      await homeAssistant.call('config/device_registry/update', {
        device_id: await deviceId(2),
        name_by_user: 'School',
      });
      const at = await render(homeAssistant, "{{ (now() + timedelta(seconds=5)).strftime('%H:%M:%S') }}");
      await addAutomation(homeAssistant, 'digest', 'no-good-backup-for', { days: 0, at, remind: tell('digest') });
      const { title, message } = await told('digest');
      assert.equal(title, 'Microsoft 365 backups');
      const lines = message.split('\n').map((line) => line.replace(/\d+ \w+ ago$/, '… ago'));
      assert.deepEqual(lines.sort(), [
        `- M365 backup ${roguish}: last good backup … ago`,
        '- M365 backup Tenant A: last good backup … ago',
        '- M365 backup Tenant C: no good backup',
        '- School: last good backup … ago',
      ]);
      assert.match(await drawn(), /School/);
    });

    it('shows a new task without being told', async () => {
      house.nas.addTask({ name: 'Added', policy: 'manual' });
      await waitUntil('the new task', async () => (await drawn()).includes('>Added<'), { timeoutMs: minute });
      assert.match(await drawn(), /All 5 tasks are fine/);
    });

    it('tells that there is no news when Node-RED is away', async () => {
      await house.settled();
      await house.nodeRed.kill9();
      await house.waitForState('publisher', 'off');
      const lines = await remind('no_news', { hours: 0 });
      assert.equal(lines?.length, 5);
      for (const line of lines) assert.match(line, /: no news for \d+ seconds?$/);
      assert.equal(await remind('no_news_yet', {}), null);
      const page = await drawn();
      assert.match(page, /Node-RED or the NAS is away/);
      assert.doesNotMatch(page, /no good backup| GB|&nbsp;GB/);
    });

    it('has made Home Assistant complain of nothing', async () => {
      assert.deepEqual(await house.homeAssistant.forbiddenLogLines(), []);
      const complaints = (await house.homeAssistant.systemLog())
        .filter(({ name }) => running.test(name))
        .map(({ name, messages }) => `${name}: ${messages.join('; ')}`);
      assert.deepEqual(complaints, []);
    });
  });
}
