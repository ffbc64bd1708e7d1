// The entities of services stay with a user while the NAS says nothing about them.
import assert from 'node:assert/strict';
import type { ServiceState, Task } from '../../../lib/active-backup/types';
import { bench, longMs, type Bench } from './bench';
import { snapshot, task } from './fixtures';

const documentTopic = 'homeassistant/device/active_backup_office_task_1/config';
const packageTopic = 'homeassistant/device/active_backup_office/config';

const service = (changes: Partial<ServiceState>): ServiceState => {
  return { ...task().services.mail!, usedBytes: 0, processed: 0, transferredBytes: 0, ...changes };
};

const withServices = (services: Task['services']): Task => task({ services });

/** Component ids of a document that the broker keeps, removals left out. */
function components(made: Bench, topic = documentTopic): string[] {
  const { components } = JSON.parse(made.broker.store.get(topic) ?? '') as { components: Record<string, object> };
  return Object.keys(components).filter((id) => Object.keys(components[id] ?? {}).length > 1);
}

async function poll(made: Bench, about: Task): Promise<void> {
  made.monitor.poll(snapshot([about]));
  await made.scheduler.pass(longMs);
}

const on = withServices({ drive: service({ enabled: true }) });
const silent = withServices({ drive: service({ enabled: null }) });
const off = withServices({ drive: service({ enabled: false, usedBytes: 5 }) });

describe('the entities of a service', () => {
  it('stay when an answer does not say whether the service is on, also one that does not name it at all', async () => {
    const made = bench();
    await poll(made, on);
    const before = made.broker.store.get(documentTopic);
    const packageBefore = made.broker.store.get(packageTopic);
    for (const about of [silent, withServices({}), on]) {
      await poll(made, about);
      assert.equal(made.broker.store.get(documentTopic), before);
      assert.equal(made.broker.store.get(packageTopic), packageBefore);
    }
  });

  it('stay over a restart that meets such an answer', async () => {
    const earlier = bench();
    await poll(earlier, on);
    const made = bench({ store: earlier.broker.store });
    await poll(made, withServices({}));
    assert.equal(made.broker.store.get(documentTopic), earlier.broker.store.get(documentTopic));
  });

  it('go when the service is switched off', async () => {
    const made = bench();
    await poll(made, on);
    await poll(made, off);
    assert.equal(components(made).includes('drive_used'), false);
    await poll(made, silent);
    assert.equal(components(made).includes('drive_used'), false);
  });

  it('go over a restart when the service was switched off meanwhile', async () => {
    const earlier = bench();
    await poll(earlier, on);
    const made = bench({ store: earlier.broker.store });
    await poll(made, off);
    assert.equal(components(made).includes('drive_used'), false);
  });

  it('are offered at first sight without the switch where the service stores or handled something', async () => {
    const made = bench();
    await poll(
      made,
      withServices({ drive: service({ enabled: null, usedBytes: 5 }), mail: service({ enabled: null }) }),
    );
    assert.equal(components(made).includes('drive_used'), true);
    assert.equal(components(made).includes('mail_used'), false);
    assert.equal(components(made, packageTopic).includes('used_drive'), true);
  });
});
