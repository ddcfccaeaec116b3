import assert from 'node:assert/strict';
import test from 'node:test';

import { fromHex } from '../src/bytes.js';
import { CborError, CborMap, read, signatureStructure, Tagged } from '../src/cbor.js';

/** @type {[string, any][]} RFC 8949, appendix A. */
const EXAMPLES = [
  ['00', 0n],
  ['1bffffffffffffffff', 18446744073709551615n],
  ['3bffffffffffffffff', -18446744073709551616n],
  ['3903e7', -1000n],
  ['f90000', 0],
  ['f93c00', 1],
  ['f97bff', 65504],
  ['f90001', 5.960464477539063e-8],
  ['f90400', 0.00006103515625],
  ['f9c400', -4],
  ['f97c00', Number.POSITIVE_INFINITY],
  ['f97e00', Number.NaN],
  ['fa47c35000', 100000],
  ['fb3ff199999999999a', 1.1],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', null],
  ['62c3bc', '\u00fc'],
  ['64f0908591', '\u{10151}'],
  ['5f42010243030405ff', Uint8Array.of(1, 2, 3, 4, 5)],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f0102ff', [1n, 2n]],
  ['8301820203820405', [1n, [2n, 3n], [4n, 5n]]],
];

for (const [hex, value] of EXAMPLES) {
  test(`reads ${hex}`, () => assert.deepEqual(read(fromHex(hex)), value));
}

test('a tag keeps its number', () => {
  const tagged = read(fromHex('d83d01'));
  assert.ok(tagged instanceof Tagged);
  assert.equal(tagged.tag, 61n);
  assert.equal(tagged.value, 1n);
});

/** @type {[string, string][]} */
const REFUSED = [
  ['nothing', ''],
  ['bytes after the item', '0000'],
  ['a reserved length', '1c'],
  ['an integer without an end', '1f'],
  ['a stop code alone', 'ff'],
  ['a stop code as a value', 'bf01ff'],
  ['a stop code in a definite list', '82ffff'],
  ['a string cut short', '4401'],
  ['a huge string', '5bffffffffffffffff'],
  ['a huge list', '9bffffffffffffffff'],
  ['a huge map', 'bbffffffffffffffff'],
  ['a simple value without meaning', 'f0'],
  ['a simple value of two bytes', 'f8ff'],
  ['text that is not UTF-8', '62c328'],
  ['half a surrogate pair', '63eda080'],
  ['text of pieces of bytes', '7f4101ff'],
  ['bytes of pieces of text', '5f6161ff'],
  ['a key twice', 'a201000100'],
  ['a key twice, longer', 'a20100180100'],
  ['a byte key twice', 'a24101004101' + '00'],
  ['a list as a key', 'a18000'],
  ['a float as a key', 'a1f93c0000'],
  ['a truth value as a key', 'a1f500'],
  ['null as a key', 'a1f600'],
  ['nested over the limit', '81'.repeat(17) + '00'],
  ['too many items', '99ffff' + '00'.repeat(65535)],
  ['too many items without a length', '9f' + '00'.repeat(5000) + 'ff'],
];

for (const [name, hex] of REFUSED) {
  test(`refuses ${name}`, () => assert.throws(() => read(fromHex(hex)), CborError));
}

test('reads up to the limit of depth', () => {
  assert.ok(read(fromHex('81'.repeat(16) + '00')));
});

test('a number, a text and bytes are three keys', () => {
  const map = read(fromHex('a3' + '0101' + '613102' + '410103'));
  assert.ok(map instanceof CborMap);
  assert.deepEqual([map.get(1n), map.get('1'), map.get(Uint8Array.of(1))], [1n, 2n, 3n]);
});

test('what is signed is in deterministic encoding', () => {
  const hex = [...signatureStructure(new Uint8Array(2), new Uint8Array(), new Uint8Array(300))];
  assert.deepEqual(hex.slice(0, 12), [0x84, 0x6a, ...new TextEncoder().encode('Signature1')]);
  assert.deepEqual(hex.slice(12, 19), [0x42, 0, 0, 0x40, 0x59, 1, 44]);
  assert.equal(hex.length, 19 + 300);
});
