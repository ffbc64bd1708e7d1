import assert from 'node:assert/strict';
import { packageDocument, taskDocument } from '../../../lib/home-assistant/discovery';
import { ownDocument } from '../../../lib/home-assistant/ownership';
import { commandOf, taskOfStateTopic, topicsFor } from '../../../lib/home-assistant/topics';
import { settings, snapshot, task } from './fixtures';

const topics = topicsFor(settings());

/** The documents of a NAS with this slug, and where they stand. */
function documentsOf(slug: string): { ofPackage: [string, string]; ofTask: [string, string] } {
  const chosen = { ...settings({ slug }), commandsAllowed: true };
  const own = topicsFor(chosen);
  return {
    ofPackage: [own.discovery?.packageDocument ?? '', JSON.stringify(packageDocument(own, chosen, snapshot([task()])))],
    ofTask: [own.discovery?.taskDocument(1) ?? '', JSON.stringify(taskDocument(own, chosen, task(), 'test'))],
  };
}

describe('topics', () => {
  it('begin with the base topic and the slug, however the base is written', () => {
    assert.equal(topics.task(4).state, 'active-backup/office/task/4/state');
    assert.equal(topicsFor(settings({ baseTopic: '/home/backup/' })).status, 'home/backup/office/status');
    assert.equal(topicsFor(settings({ baseTopic: 'a/#' })).status, 'a/office/status');
  });

  it('have no discovery without a prefix', () => {
    assert.equal(topicsFor(settings({ discoveryPrefix: '' })).discovery, null);
  });

  it('stand for run, cancel and refresh and for nothing else', () => {
    assert.deepEqual(commandOf(topics, 'active-backup/office/task/12/cmd/run'), { name: 'run', taskId: 12 });
    assert.deepEqual(commandOf(topics, 'active-backup/office/cmd/refresh'), { name: 'refresh', taskId: null });
    for (const topic of [
      'active-backup/office/task/12/cmd/delete',
      'active-backup/office/task/-1/cmd/run',
      'active-backup/office/task/01/cmd/run',
      'active-backup/office/task/1e3/cmd/run',
      'active-backup/office_b/task/1/cmd/run',
      'active-backup/office/cmd/run',
    ]) {
      assert.equal(commandOf(topics, topic), null, topic);
    }
  });

  it('give up the task of a retained state', () => {
    assert.equal(taskOfStateTopic(topics, 'active-backup/office/task/3/attributes'), 3);
    assert.equal(taskOfStateTopic(topics, 'active-backup/office/task/3/event'), null);
  });
});

describe('ownership of documents', () => {
  it('knows its own package and tasks', () => {
    const { ofPackage, ofTask } = documentsOf('office');
    assert.equal(ownDocument(topics, 'office', ...ofPackage)?.taskId, null);
    assert.equal(ownDocument(topics, 'office', ...ofTask)?.taskId, 1);
    assert.equal(ownDocument(topics, 'office', ...ofTask)?.components.get('problem'), 'binary_sensor');
  });

  it('leaves other NASes alone, also those whose slug begins like ours', () => {
    for (const slug of ['office_b', 'office_task_1', 'off']) {
      const { ofPackage, ofTask } = documentsOf(slug);
      assert.equal(ownDocument(topics, 'office', ...ofPackage), null, slug);
      assert.equal(ownDocument(topics, 'office', ...ofTask), null, slug);
    }
  });

  it('leaves other publishers alone, and what is no document at all', () => {
    const { ofTask } = documentsOf('office');
    const foreign = ofTask[1].replace('@nas-flows/node-red-active-backup-m365', 'someone-else');
    assert.equal(ownDocument(topics, 'office', ofTask[0], foreign), null);
    for (const payload of ['', 'null', '[]', '{', '{"origin":{"name":"x"}}']) {
      assert.equal(ownDocument(topics, 'office', ofTask[0], payload), null, payload);
    }
  });
});
