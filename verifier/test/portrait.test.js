import assert from 'node:assert/strict';
import test from 'node:test';

import { moves, stillType } from '../src/portrait.js';
import { vectors } from './vectors.js';

test('only still pictures that browsers draw and cannot run are shown', () => {
  for (const { name, bytes, shown } of vectors('portraits.json').portraits) {
    assert.equal(stillType(Uint8Array.from(Buffer.from(bytes, 'hex'))), shown, name);
  }
});

test('pictures that move are known by their bytes', () => {
  for (const one of vectors('portraits.json').portraits) {
    assert.equal(moves(Uint8Array.from(Buffer.from(one.bytes, 'hex'))), one.moves, one.name);
  }
});
