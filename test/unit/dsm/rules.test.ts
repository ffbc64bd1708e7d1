// The parts of lib/dsm that only decide: addresses, encoding, envelopes, codes, recovery.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AUTH_API, dsmCodeError, endsLogins, missingApiError } from '../../../lib/dsm/codes';
import { describeBody } from '../../../lib/dsm/diagnostics';
import { readApiEntry } from '../../../lib/dsm/directory';
import { encodeForm, encodeParams, encodeValue } from '../../../lib/dsm/encoding';
import { openEnvelope } from '../../../lib/dsm/envelope';
import { DsmError, type DsmValue, parseNasUrl } from '../../../lib/dsm';
import { ReloginAllowance } from '../../../lib/dsm/login-limits';
import { networkError } from '../../../lib/dsm/network-errors';
import { nextStep } from '../../../lib/dsm/recovery';
import { ABM } from './support';

describe('the address of a NAS', () => {
  const good: [string, string, string][] = [
    ['https://nas.example:5001', 'https://nas.example:5001', ''],
    [' HTTP://NAS.example ', 'http://nas.example', ''],
    ['https://nas/', 'https://nas', ''],
    ['https://nas/dsm/', 'https://nas', '/dsm'],
    ['https://nas:5001/#/signin', 'https://nas:5001', ''],
    ['https://[fe80::1]:5001', 'https://[fe80::1]:5001', ''],
    ['https://192.168.1.2:443', 'https://192.168.1.2', ''],
  ];
  for (const [text, origin, basePath] of good) {
    it(`understands ${text}`, () => {
      const result = parseNasUrl(text);
      assert.ok(result.ok);
      assert.deepEqual([result.url.origin, result.url.basePath], [origin, basePath]);
      assert.equal(result.url.secure, origin.startsWith('https'));
    });
  }
  for (const text of ['', 'nas', 'nas:5001', 'ftp://nas', 'https://', 'https://u:p@nas', 'https://nas/?passwd=x']) {
    it(`refuses "${text}" with a sentence that does not repeat it`, () => {
      const result = parseNasUrl(text);
      assert.ok(!result.ok);
      assert.match(result.problem, /^The address .*https:\/\/nas\.example:5001\.$/);
      assert.ok(!result.problem.includes('passwd') && !result.problem.includes('u:p'));
    });
  }
});

describe('encoding', () => {
  it('writes numbers and booleans bare and objects as JSON text, in both formats', () => {
    for (const format of ['JSON', 'raw'] as const) {
      assert.equal(encodeValue(12, format), '12');
      assert.equal(encodeValue(-1, format), '-1');
      assert.equal(encodeValue(false, format), 'false');
      assert.equal(encodeValue({ a: [1, 'x'] }, format), '{"a":[1,"x"]}');
      assert.equal(encodeValue([], format), '[]');
    }
    assert.equal(encodeValue('7 x', 'JSON'), '"7 x"');
    assert.equal(encodeValue('7 x', 'raw'), '7 x');
  });

  it('every JSON-encoded value reads back as it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.dictionary(fc.string(), fc.string())),
        (value) => {
          assert.deepEqual(JSON.parse(encodeValue(value, 'JSON')), JSON.parse(JSON.stringify(value)));
        },
      ),
    );
  });

  it('every form reads back as it was, and never has a plus sign or a space', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (fields) => {
        const form = encodeForm(fields);
        assert.ok(!/[+ ]/.test(form));
        assert.deepEqual(
          [...new URLSearchParams(form)],
          fields.map(([name, value]) => [name, value]),
        );
      }),
    );
  });

  it('survives half a surrogate pair', () => {
    assert.equal(encodeForm([['a', '\ud800x']]), 'a=%EF%BF%BDx');
  });

  it('refuses numbers that are none and names that belong to the call', () => {
    assert.throws(() => encodeValue(NaN, 'JSON'), TypeError);
    for (const name of ['api', 'method', 'version', '_sid', 'SynoToken']) {
      const params: Record<string, DsmValue> = { [name]: 1 };
      assert.throws(() => encodeParams(params, 'JSON'), TypeError);
    }
  });
});

describe('an answer', () => {
  const open = (body: string, status = 200) => openEnvelope({ status, body, dateMs: null, location: null }, 'nas:5001');

  it('gives its data or its code, whatever the status', () => {
    assert.deepEqual(open('{"success":true,"data":{"a":1}}'), { success: true, data: { a: 1 } });
    assert.deepEqual(open('{"success":true}'), { success: true, data: undefined });
    const refused = { success: false, dsmCode: 105, parameter: null };
    assert.deepEqual(open('{"success":false,"error":{"code":105}}'), refused);
    assert.deepEqual(
      open('{"success":false,"error":{"code":"105","errors":[{"code":1}]},"httpd_restart":true}'),
      refused,
    );
    assert.deepEqual(open('{"success":false,"error":{"code":105}}', 500), refused);
  });

  it('is a result or INVALID_RESPONSE, never another exception', () => {
    const check = (body: string, status: number) => {
      try {
        const envelope = open(body, status);
        assert.equal(typeof envelope.success, 'boolean');
        if (!envelope.success) assert.ok(Number.isInteger(envelope.dsmCode));
      } catch (error) {
        assert.ok(error instanceof DsmError && error.code === 'INVALID_RESPONSE', String(error));
        assert.ok(error.message.length < 400);
      }
    };
    const status = fc.constantFrom(200, 204, 302, 404, 502);
    const envelope = fc.record({ success: fc.jsonValue(), data: fc.jsonValue(), error: fc.jsonValue() });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          envelope.map((e) => JSON.stringify(e)),
        ),
        status,
        check,
      ),
    );
    for (const body of [
      '',
      ' ',
      'null',
      '[]',
      '"x"',
      '{}',
      '{"success":"yes"}',
      '{"success":false}',
      '{"success":false,"error":{}}',
    ]) {
      assert.throws(() => open(body), { code: 'INVALID_RESPONSE' });
    }
    check('['.repeat(2_000_000), 200);
    check('<title>'.repeat(500_000), 200);
  });

  it('tells what came instead, without quoting data', () => {
    assert.equal(describeBody(''), 'an empty answer');
    assert.match(
      describeBody('{"success":true,"data":{"mail":"a@b.c'),
      /^JSON that is cut off or damaged \(\d+ characters\)$/,
    );
    assert.equal(describeBody('<html><title>502 Bad Gateway</title>x</html>'), 'a web page ("502 Bad Gateway")');
    assert.equal(describeBody('<html><style>a{}</style><p>Sorry!</p>'), 'a web page ("Sorry!")');
    assert.equal(describeBody('Error for a@b.c with x-1234 hunter', ['hunter']), 'text ("Error for … with …")');
    assert.ok(describeBody(`<p>${'word '.repeat(500)}`).length < 150);
  });
});

describe('the list of APIs', () => {
  it('uses paths as given, padded ones too, and none that leads elsewhere', () => {
    const entry = (path: unknown) => readApiEntry({ path, minVersion: 1, maxVersion: '7' })?.path;
    for (const path of ['entry.cgi', 'auth.cgi', `${'_'.repeat(40)}entry.cgi`, 'FileStation/x.cgi']) {
      assert.equal(entry(path), path);
    }
    for (const path of [
      '',
      '/x',
      '../x',
      'a/../b',
      'a//b',
      'http://x/y',
      'x?y',
      'x#y',
      'x y',
      '.x',
      7,
      null,
      undefined,
    ]) {
      assert.equal(entry(path), undefined);
    }
    assert.equal(readApiEntry({ path: 'x', minVersion: 1 }), null);
    assert.equal(readApiEntry([]), null);
  });
});

describe('codes', () => {
  const of = (api: string, dsmCode: number) => dsmCodeError({ api, method: 'm', dsmCode });

  it('mean different things on the login and elsewhere', () => {
    assert.equal(of(AUTH_API, 400).code, 'AUTH_FAILED');
    assert.equal(of(ABM, 400).code, 'NAS_ERROR');
    assert.equal(of(ABM, 407).code, 'NAS_ERROR');
    assert.equal(of(AUTH_API, 105).code, 'PERMISSION_DENIED');
  });

  it('carry the number, a sentence that ends, and an outcome', () => {
    for (let dsmCode = 100; dsmCode < 500; dsmCode += 1) {
      for (const api of [AUTH_API, ABM, 'SYNO.Core.Package']) {
        const error = of(api, dsmCode);
        assert.match(error.message, new RegExp(`^[A-Z].*[.?] \\(DSM code ${dsmCode}\\)$`));
        assert.ok(!/[{}]|undefined|null/.test(error.message), error.message);
        assert.equal(error.cause.dsmCode, dsmCode);
      }
    }
    for (const vague of [100, 109, 110, 111, 118]) assert.equal(of(ABM, vague).cause.outcome, 'unknown');
    for (const plain of [102, 103, 104, 105, 117, 119, 120, 999]) assert.equal(of(ABM, plain).cause.outcome, 'refused');
  });

  it('call a missing package unavailable, and a missing part of DSM not supported', () => {
    assert.equal(of(ABM, 102).code, 'PACKAGE_UNAVAILABLE');
    assert.equal(of('SYNO.Core.Package', 102).code, 'NOT_SUPPORTED');
    assert.equal(missingApiError(ABM).code, 'PACKAGE_UNAVAILABLE');
    assert.deepEqual(missingApiError('SYNO.DSM.Info').cause, { code: 'NOT_SUPPORTED', outcome: 'not_sent' });
  });

  it('end logins for credentials only', () => {
    for (const code of [400, 401, 402, 403, 404, 406, 407, 408, 409, 410, 411]) assert.ok(endsLogins(code));
    for (const code of [100, 102, 105, 117, 119, 430, 499]) assert.ok(!endsLogins(code));
  });
});

describe('recovery', () => {
  const fresh = { reloggedIn: false, rediscovered: false };
  const worked = { workedInThisLogin: true, knownGood: true };
  const unknown = { workedInThisLogin: false, knownGood: false };

  it('logs in again once for a lost session', () => {
    for (const code of [106, 107, 119, 150]) {
      assert.equal(nextStep(code, fresh, unknown), 'relogin');
      assert.equal(nextStep(code, { ...fresh, reloggedIn: true }, worked), 'fail');
    }
  });

  it('logs in again for 105 and 103 only where the method had worked', () => {
    assert.equal(nextStep(105, fresh, worked), 'renew');
    assert.equal(nextStep(105, fresh, { workedInThisLogin: false, knownGood: true }), 'fail');
    assert.equal(nextStep(103, fresh, { workedInThisLogin: false, knownGood: true }), 'renew');
    assert.equal(nextStep(103, fresh, unknown), 'fail');
  });

  it('logs in again for 105 and 103 on a method that stays refused only after a pause', () => {
    for (const code of [105, 103]) {
      const method = { workedInThisLogin: false, knownGood: true };
      assert.equal(nextStep(code, fresh, { ...method, refused: 'recently' }), 'fail');
      assert.equal(nextStep(code, fresh, { ...method, refused: 'long ago' }), 'renew');
      assert.equal(nextStep(code, { ...fresh, reloggedIn: true }, { ...method, refused: 'long ago' }), 'fail');
    }
  });

  it('never takes more than two steps for one call, whatever the NAS answers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 499 }), { minLength: 5, maxLength: 5 }), (codes) => {
        const history = { ...fresh };
        const steps = codes.map((code) => {
          const step = nextStep(code, history, worked);
          if (step === 'relogin' || step === 'renew') history.reloggedIn = true;
          if (step === 'rediscover') history.rediscovered = true;
          return step;
        });
        assert.ok(steps.filter((step) => step !== 'fail').length <= 2);
      }),
    );
  });

  it('allows a burst of logins and then one every six seconds, also when the clock jumps back', () => {
    const allowance = new ReloginAllowance();
    const taken = (nowMs: number) => {
      let count = 0;
      while (allowance.take(nowMs)) count += 1;
      return count;
    };
    assert.equal(taken(0), 20);
    assert.equal(taken(5_999), 0);
    assert.equal(taken(12_000), 2);
    assert.equal(taken(0), 0);
    assert.equal(taken(1e12), 20);
  });
});

describe('errors of the network', () => {
  it('say whether the request can have been carried out', () => {
    assert.deepEqual(networkError('nas', 'ECONNREFUSED', false).cause, { code: 'UNREACHABLE', outcome: 'not_sent' });
    assert.deepEqual(networkError('nas', 'ECONNRESET', true).cause, { code: 'UNREACHABLE', outcome: 'unknown' });
    assert.deepEqual(networkError('nas', 'ECONNRESET', false).cause, { code: 'UNREACHABLE', outcome: 'not_sent' });
    assert.equal(networkError('nas', 'CERT_REVOKED', false).code, 'TLS');
    assert.equal(networkError('nas', 'HPE_INVALID_CONSTANT', true).code, 'INVALID_RESPONSE');
    assert.equal(networkError('nas', 'anything <b>', true).message, 'nas cannot be reached.');
  });
});
