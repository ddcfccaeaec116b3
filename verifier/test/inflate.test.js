import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateSync } from 'node:zlib';

import { inflated } from '../src/inflate.js';

const whole = Uint8Array.from({ length: 1000 }, (_, at) => (at * at) % 251);
const packed = new Uint8Array(deflateSync(whole));

test('a stream is inflated up to the limit, and not beyond', () => {
  assert.deepEqual(inflated(packed, 1000), whole);
  assert.equal(inflated(packed, 999), 'too_large');
  assert.equal(
    inflated(new Uint8Array(deflateSync(new Uint8Array(10_000_000))), 8192),
    'too_large',
  );
});

test('a damaged stream is told', () => {
  assert.equal(inflated(packed.slice(0, -1), 2000), 'damaged');
  assert.equal(inflated(Uint8Array.of(...packed, 0), 2000), 'damaged');
  const wrong = packed.slice();
  wrong[wrong.length - 1] ^= 1;
  assert.equal(inflated(wrong, 2000), 'damaged');
  assert.equal(inflated(new Uint8Array(), 10), 'damaged');
  assert.equal(inflated(Uint8Array.of(0x78, 0xbb, 1, 2, 3, 4), 10), 'damaged'); // a preset dictionary
});
