import assert from 'node:assert/strict';
import test from 'node:test';

import { toBase64url } from '../src/bytes.js';
import { judge, VERDICTS, worst } from '../src/judge.js';
import { trustOf } from '../src/trust.js';
import { vectors } from './vectors.js';

const { trusts, cases } = vectors('verdicts.json');
const known = new Map(Object.entries(trusts).map(([name, written]) => [name, trustOf(written)]));

/** Claims as the command prints them. @param {any} value @returns {any} */
function plain(value) {
  if (value instanceof Uint8Array) return toBase64url(value);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, inner]) => [key, plain(inner)]));
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** @param {Map<string, any>} claims */
function printed(claims) {
  const shown = plain(claims);
  const number = claims.get('7');
  const ascii = number instanceof Uint8Array && number.every((byte) => byte >= 32 && byte < 127);
  return ascii ? { ...shown, 7: String.fromCharCode(...number) } : shown;
}

for (const one of cases) {
  test(one.name, () => {
    const trust = known.get(one.trust);
    assert.ok(trust);
    const { verdict, reason, revocation, claims } = judge(one.text, trust, one.at);
    assert.deepEqual(
      { verdict, reason, revocation, claims: printed(claims) },
      { verdict: one.verdict, reason: one.reason, revocation: one.revocation, claims: one.claims },
    );
  });
}

test('every verdict occurs', () => {
  assert.deepEqual(new Set(cases.map((/** @type {any} */ one) => one.verdict)), new Set(VERDICTS));
});

test('the worst of several counts', () => {
  assert.equal(worst(['valid', 'unknown_key', 'expired']), 'unknown_key');
  assert.equal(worst(['valid']), 'valid');
});

test('anything gets a verdict', () => {
  const trust = known.get('list');
  assert.ok(trust);
  for (const text of [
    '\u{1F600}'.repeat(8192),
    '\u{1F600}'.repeat(8193),
    'A'.repeat(8192),
    ' ',
    '\0',
  ]) {
    assert.equal(judge(text, trust, 0).verdict, 'unreadable');
  }
  assert.equal(judge('\u{1F600}'.repeat(8192), trust, 0).reason, 'not_base45');
  assert.equal(judge('\u{1F600}'.repeat(8193), trust, 0).reason, 'too_long');
});
