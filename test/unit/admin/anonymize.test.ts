// What a support bundle may hold of a NAS's answers: how things hang together, and nothing of anybody.
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createAnonymizer } from '../../../lib/node-red/anonymize';

describe('the anonymizer', () => {
  it('replaces the same text by the same stand-in, over all answers of a bundle', () => {
    const anonymize = createAnonymizer();
    const tasks = anonymize({ tasks: [{ task_id: 1, task_name: 'Contoso', admin: 'ann@contoso.com' }] });
    const log = anonymize({ logs: [{ description: 'Contoso', user: 'ann@contoso.com', other: 'bob@contoso.com' }] });
    assert.deepEqual(tasks, { tasks: [{ task_id: 1, task_name: 'text-1', admin: 'person2@example.invalid' }] });
    assert.deepEqual(log, {
      logs: [{ description: 'text-1', user: 'person2@example.invalid', other: 'person3@example.invalid' }],
    });
  });

  it('keeps numbers, numbers as text, dates, lists of days and switches, which the evidence consists of', () => {
    const kept = {
      status: 4,
      usage: '4294967296',
      ratio: '-0.5',
      date: '2026/1/31',
      week_day: '1,2,3',
      visibility: 'Private',
      enabled: true,
      none: null,
      empty: '',
    };
    assert.deepEqual(createAnonymizer()(kept), kept);
  });

  it("replaces what only looks like the API's own", () => {
    const personal = {
      date: "Ann's birthday",
      visibility: 'for Ann',
      status: 'Ann is ill',
      phone: '491701234567',
      office: '0170-1234567',
      mobile: '+49 170 1234567',
      address: '192.168.1.20',
      host: '10.0.0.1',
      user_name: '4711',
      tenant_id: '11111111-2222-4333-8444-555555555555',
      path: '/volume1/Ann',
    };
    const shown = JSON.stringify(createAnonymizer()(personal));
    for (const text of Object.values(personal)) assert.ok(!shown.includes(text), text);
  });

  it("replaces names of fields that are somebody's", () => {
    const shown = JSON.stringify(
      createAnonymizer()({
        'ann@contoso.com': 1,
        '11111111-2222-4333-8444-555555555555': 2,
        'Ann Example': 3,
        mail: 4,
      }),
    );
    assert.doesNotMatch(shown, /ann|1111-/i);
    assert.match(shown, /"mail":4/);
  });

  it("lets no text with a letter or an @ through, but the API's own words in their fields", () => {
    const text = fc.string({ minLength: 3 }).filter((one) => /[a-z@]{2}/i.test(one) && !one.startsWith('text-'));
    fc.assert(
      fc.property(text, fc.constantFrom('task_name', 'description', 'x', 'url', 'week_day', 'date'), (given, field) => {
        const shown = createAnonymizer()({ [field]: given, list: [given, { [field]: given }] });
        assert.ok(!Object.values(shown as object).includes(given));
        assert.deepEqual((shown as { list: unknown[] }).list[0], (shown as Record<string, unknown>)[field]);
      }),
    );
  });
});
