import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import test, { before } from 'node:test';

import { deflateRaw } from 'pako';

import { toBase64 } from '../src/bytes.js';
import { enlarged, greyed, prepare, softened, textsAtOnce, textsIn } from '../src/scanner.js';
import { vectors } from './vectors.js';

/** @typedef {import('../src/scanner.js').Pixels} Pixels */

const { text, modules, rows } = vectors('symbol.json');
const QUIET = 4;

before(async () => {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
  await prepare(toBase64(deflateRaw(readFileSync(wasm))));
});

/**
 * The symbols drawn side by side, so many pixels a module.
 * @param {number} size
 * @param {number} [count]
 * @returns {Pixels}
 */
function drawn(size, count = 1) {
  const side = (modules + 2 * QUIET) * size;
  const width = side * count;
  const data = new Uint8ClampedArray(width * side * 4).fill(255);
  rows.forEach((/** @type {string} */ row, /** @type {number} */ y) => {
    const bits = BigInt(`0x${row}`).toString(2).padStart(modules, '0');
    for (let x = 0; x < modules; x++) {
      if (bits[x] === '0') continue;
      for (let at = 0; at < size * size * count; at++) {
        const column = (x + QUIET) * size + (at % size) + side * Math.floor(at / (size * size));
        const line = (y + QUIET) * size + (Math.floor(at / size) % size);
        data.fill(0, 4 * (line * width + column), 4 * (line * width + column) + 3);
      }
    }
  });
  return { data, width, height: side };
}

for (const size of [2, 3, 5]) {
  test(`a code of ${size} pixels a module is read`, async () => {
    assert.deepEqual(await textsIn(drawn(size)), [text]);
  });
}

test('every way of looking reads it', async () => {
  for (const pixels of [drawn(4), enlarged(drawn(3)), softened(drawn(4)), greyed(drawn(4))]) {
    assert.deepEqual(await textsAtOnce(pixels), [text]);
  }
});

test('two codes are two texts', async () => {
  assert.deepEqual(await textsIn(drawn(3, 2)), [text, text]);
});

test('nothing is found in nothing', async () => {
  const white = { data: new Uint8ClampedArray(64 * 64 * 4).fill(255), width: 64, height: 64 };
  assert.deepEqual(await textsIn(white), []);
});

test('enlarging doubles, softening keeps', () => {
  const pixels = {
    data: Uint8ClampedArray.from([0, 0, 0, 255, 255, 255, 255, 255]),
    width: 2,
    height: 1,
  };
  const large = enlarged(pixels);
  assert.deepEqual([large.width, large.height], [4, 2]);
  assert.deepEqual(
    [0, 4, 8, 12].map((at) => large.data[at]),
    [0, 64, 191, 255],
  );
  assert.deepEqual(
    [0, 4].map((at) => softened(pixels).data[at]),
    [64, 191],
  );
});
