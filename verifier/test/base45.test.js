import assert from 'node:assert/strict';
import test from 'node:test';

import { decode } from '../src/base45.js';

/** @type {[string, string][]} RFC 9285, section 4.3 and 4.4. */
const EXAMPLES = [
  ['BB8', 'AB'],
  ['%69 VD92EX0', 'Hello!!'],
  ['UJCLQE7W581', 'base-45'],
  ['QED8WEX0', 'ietf!'],
  ['', ''],
];

for (const [text, said] of EXAMPLES) {
  test(`reads ${JSON.stringify(text)}`, () => {
    assert.equal(new TextDecoder().decode(decode(text) ?? new Uint8Array([63])), said);
  });
}

for (const text of ['A', 'BB8A', ':::', 'GGW', '::', '00a', '\u0660\u0660', '\u{1F600}00']) {
  test(`refuses ${JSON.stringify(text)}`, () => assert.equal(decode(text), null));
}
