import assert from 'node:assert/strict';
import test from 'node:test';

import { fromBase64 } from '../src/bytes.js';
import { fromTrustList, TrustError, trustOf } from '../src/trust.js';
import { vectors } from './vectors.js';

const { trusts } = vectors('verdicts.json');
const DAY = 86_400;

for (const [name, list] of Object.entries(vectors('broken-lists.json'))) {
  test(`a broken trust list is refused: ${name}`, () => {
    assert.throws(() => trustOf({ list }), TrustError);
  });
}

test('no single bit of a trust list can be changed', () => {
  const good = fromBase64(trusts.list.list);
  for (let place = 0; place < good.length; place += 7) {
    const changed = good.slice();
    changed[place] ^= 1 << (place % 8);
    assert.throws(() => fromTrustList(changed), TrustError, `bit ${place % 8} of byte ${place}`);
  }
});

test('a trust list says who vouches for it and how old it is', () => {
  const trust = trustOf(trusts.list);
  assert.match(trust.root ?? '', /^[0-9a-f]{64}$/);
  assert.equal(trust.number, 7n);
  const signed = trust.issuedAt ?? 0;
  assert.equal(trust.ageDays(signed), 0);
  assert.equal(trust.ageDays(signed - DAY), 0);
  assert.equal(trust.ageDays(signed + 41 * DAY - 1), 40);
});

test('a key set has no root, no age, no revocation', () => {
  const trust = trustOf(trusts.set);
  assert.equal(trust.root, null);
  assert.equal(trust.ageDays(0), null);
  assert.equal(trust.revoked('urn:wst:any', 0n), null);
});
