/**
 * Ed25519 (RFC 8032) and P-256 signatures, by @noble/curves alone: WebCrypto is missing where a page
 * from a file is no secure context, older browsers have no Ed25519, and implementations differ over
 * signatures that only the holder of a key can make.
 */

import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha512 } from '@noble/hashes/sha2.js';

import { equal, joined } from './bytes.js';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const FIELD = 2n ** 255n - 19n;
const ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;

/** The y of the points of order 1, 2, 4 and 8, in canonical form and not. */
const SMALL_ORDER = new Set([0n, 1n, FIELD - 1n, FIELD, FIELD + 1n, ORDER_8, FIELD - ORDER_8]);

/**
 * Whether the key made the signature. The equation is RFC 8032's without the factor 8, which is what
 * the program checks; the library's own check has the factor and accepts more.
 * @param {Uint8Array} key 32 bytes
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 */
export function ed25519Signed(key, signature, message) {
  if (signature.length !== 64 || isWeak(key)) return false;
  const commitment = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  let point;
  try {
    point = Point.fromBytes(key, true);
  } catch {
    return false;
  }
  const challenge = littleEndian(sha512(joined(commitment, key, message))) % ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(challenge));
  return equal(expected.toBytes(), commitment);
}

/** A point of small order: anybody can sign under it. @param {Uint8Array} key */
function isWeak(key) {
  return SMALL_ORDER.has(littleEndian(key) & (2n ** 255n - 1n));
}

/**
 * ES256 (RFC 9053 section 2.1): the signature is r and s, 32 bytes each, s of either half.
 * @param {Uint8Array} x 32 bytes
 * @param {Uint8Array} y 32 bytes
 * @param {Uint8Array} signature
 * @param {Uint8Array} message
 */
export function p256Signed(x, y, signature, message) {
  if (signature.length !== 64) return false;
  try {
    return p256.verify(signature, message, joined(Uint8Array.of(4), x, y), {
      lowS: false,
      prehash: true,
    });
  } catch {
    return false;
  }
}

/** @param {Uint8Array} bytes */
function littleEndian(bytes) {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]);
  return value;
}
