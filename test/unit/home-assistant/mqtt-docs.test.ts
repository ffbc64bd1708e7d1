import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { packageState, taskStates } from '../../../lib/home-assistant/state';
import { topicsFor } from '../../../lib/home-assistant/topics';
import { mqttDocs, mqttDocsFile } from '../../../scripts/mqtt-docs';
import { health, settings, snapshot, task } from './fixtures';

describe('docs/mqtt.md', () => {
  it('is what the tables say now (npx tsx scripts/mqtt-docs.ts writes it)', async () => {
    assert.equal(readFileSync(mqttDocsFile, 'utf8'), await mqttDocs());
  });

  it('names every key that is published', () => {
    const page = readFileSync(mqttDocsFile, 'utf8');
    const topics = topicsFor(settings());
    const payloads = [
      packageState(topics, { snapshot: snapshot([task()]), health: health() }),
      ...taskStates(topics, task()),
    ];
    for (const { payload } of payloads) {
      for (const key of Object.keys(JSON.parse(payload) as object)) assert.ok(page.includes(`\`${key}\``), key);
    }
  });
});
