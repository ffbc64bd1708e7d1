// The tables of the dialogs against the run time's: each parameter has a row, each rule a text, each event a name.
import assert from 'node:assert/strict';
import { methodParameters } from '../../../lib/active-backup';
import { draftOf } from '../../../lib/editor/draft-connection';
import { expectedText } from '../../../lib/editor/expected';
import { parameterOf, parameters } from '../../../lib/editor/parameters';
import { type Rule, settingRules } from '../../../lib/editor/rules';
import { eventNames } from '../../../lib/monitor/types';
import { catalogOf, readText } from './node-files';

const english = catalogOf('en-US', 'nas');

describe('what a rule expects', () => {
  const rules: Rule[] = [
    ...Object.values(settingRules),
    ...Object.values(parameters).flatMap((rows) => Object.values(rows).map((parameter) => parameter.rule)),
  ];

  it('has a text for every rule of every dialog but the hours, which have one of their own', () => {
    const without = rules.filter(({ expected }) => expectedText(expected) === null);
    assert.deepEqual([...new Set(without)], [settingRules.hours]);
  });

  it('fills exactly the places of the text', () => {
    for (const { expected } of rules) {
      const found = expectedText(expected);
      if (found === null) continue;
      const places = [...(english.get(found.key) ?? '').matchAll(/__(\w+?)__/g)].map(([, place]) => place);
      assert.deepEqual(places.sort(), Object.keys(found.values).sort(), expected);
    }
  });

  it('takes the limits from the rule', () => {
    const found = expectedText(parameterOf('get-log', 'limit').rule.expected);
    assert.deepEqual(found, { key: 'expected.range', values: { least: '1', most: '2000' } });
  });
});

describe('the rows of the dialogs', () => {
  /** What comes with the message alone: confirmations, and a schedule as another node answered it. */
  const messageOnly = ['confirm', 'confirmRemoveData', 'schedule'];

  /** The parameters that a node takes at run time, as its source names them. */
  function takenBy(nodeName: string): string[] {
    let table: Record<string, unknown> = {};
    const source = readText('nodes', `${nodeName}.ts`);
    const block = /parameters: ([\s\S]*?),\n {4}\w/.exec(source)?.[1] ?? '';
    for (const [, method = ''] of block.matchAll(/methodParameters\.(\w+)/g)) {
      table = { ...table, ...methodParameters[method as keyof typeof methodParameters] };
    }
    const own = [...block.matchAll(/(\w+): (?:optional|required|withDefault)\(/g)].map(([, name = '']) => name);
    return [...Object.keys(table), ...own];
  }

  for (const [node, rows] of Object.entries(parameters)) {
    it(`of ${node} are there for every parameter that it takes at run time`, () => {
      const taken = takenBy(node).filter((name) => !messageOnly.includes(name));
      assert.deepEqual(Object.keys(rows).sort(), taken.sort());
    });
  }
});

describe('a connection that is not deployed yet', () => {
  const node = { id: 'nas', type: 'active-backup-nas', url: ' https://nas.example:5001 ', timeoutSeconds: 20 };

  it('is asked with the password that was typed', () => {
    const draft = draftOf({ ...node, credentials: { username: 'admin', password: 'typed', deviceToken: '__PWRD__' } });
    assert.deepEqual(draft, {
      id: 'nas',
      url: 'https://nas.example:5001',
      tls: '',
      verifyCertificate: true,
      certificateSha256: '',
      timeoutSeconds: '20',
      username: 'admin',
      password: 'typed',
      deviceToken: undefined,
    });
  });

  it('is asked without one where something else was changed, and the stored password may do', () => {
    const changed = { ...node, changed: true };
    assert.equal(draftOf({ ...changed, credentials: { username: 'admin', has_password: true } })?.password, undefined);
    assert.ok(draftOf({ ...changed, credentials: { username: 'admin', has_password: true } }) !== null);
    assert.equal(draftOf({ ...changed, credentials: { username: 'admin', has_password: false } }), null);
    assert.equal(draftOf(changed), null);
  });

  it('is not asked without one: then the deployed connection is', () => {
    assert.equal(draftOf(null), null);
    assert.equal(draftOf(node), null);
    assert.equal(draftOf({ ...node, credentials: { username: 'admin', has_password: true } }), null);
    assert.equal(draftOf({ ...node, credentials: { username: 'admin', password: '__PWRD__' } }), null);
    assert.equal(draftOf({ ...node, credentials: { username: 'admin', password: '' } }), null);
  });
});

describe('the tables of the dialogs', () => {
  it('know the same events as the monitor', () => {
    const keys = [...english.keys()].filter((key) => key.startsWith('event.')).map((key) => key.slice('event.'.length));
    assert.deepEqual(keys.sort(), [...eventNames].sort());
  });
});
