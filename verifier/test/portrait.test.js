import assert from 'node:assert/strict';
import test from 'node:test';

import { stillType } from '../src/portrait.js';
import { vectors } from './vectors.js';

test('only still pictures that browsers draw and cannot run are shown', () => {
  for (const { name, bytes, shown } of vectors('portraits.json').portraits) {
    assert.equal(stillType(Uint8Array.from(Buffer.from(bytes, 'hex'))), shown, name);
  }
});
