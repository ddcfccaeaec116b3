/**
 * A reader of other makers' CBOR (RFC 8949) with the rules of `documents/cbor_reader.py`: tolerant of
 * form, strict about meaning. Duplicate keys, bytes after the item, more depth or items than a
 * credential has are refused.
 *
 * An integer is a `bigint` and a float a `number`, so that `1` and `1.0` stay two things, as they
 * are in the signed bytes.
 *
 * @typedef {null | boolean | bigint | number | string | Uint8Array | CborList | CborMap | Tagged} Cbor
 * @typedef {Cbor[]} CborList
 * @typedef {bigint | string | Uint8Array} Key
 */

import { joined, toHex, utf8 } from './bytes.js';

export const MAX_DEPTH = 16;
export const MAX_ITEMS = 4096; // 8 kB of input could not hold more that mean something

/** The bytes are not one acceptable CBOR item. */
export class CborError extends Error {}

/** A tagged item, RFC 8949 section 3.4. */
export class Tagged {
  /** @param {bigint} tag @param {Cbor} value */
  constructor(tag, value) {
    this.tag = tag;
    this.value = value;
  }
}

/** A map whose keys are integers, texts or byte strings; none occurs twice. */
export class CborMap {
  constructor() {
    /** @type {Map<string, [Key, Cbor]>} */
    this.pairs = new Map();
  }

  /** @param {Key} key */
  has(key) {
    return this.pairs.has(nameOf(key));
  }

  /** The value of a key, or undefined. @param {Key} key */
  get(key) {
    return this.pairs.get(nameOf(key))?.[1];
  }

  /** @param {Key} key @param {Cbor} value */
  set(key, value) {
    this.pairs.set(nameOf(key), [key, value]);
  }

  get size() {
    return this.pairs.size;
  }
}

/** @param {Key} key */
function nameOf(key) {
  if (typeof key === 'bigint') return `n${key}`;
  return typeof key === 'string' ? `t${key}` : `b${toHex(key)}`;
}

const BREAK = Symbol('the stop code of an indefinite length');

/**
 * The one item in the bytes.
 * @param {Uint8Array} data
 * @param {{maxItems?: number}} [limits] A trust list has more items than a credential.
 * @returns {Cbor}
 * @throws {CborError} malformed, truncated, bytes after it, duplicate keys, over a limit
 */
export function read(data, { maxItems = MAX_ITEMS } = {}) {
  const reader = new Reader(data, maxItems);
  const value = /** @type {Cbor} */ (reader.item(0, false));
  if (reader.at !== data.length) throw new CborError('bytes after the item');
  return value;
}

class Reader {
  /** @param {Uint8Array} data @param {number} maxItems */
  constructor(data, maxItems) {
    this.data = data;
    this.maxItems = maxItems;
    this.at = 0;
    this.count = 0;
  }

  /**
   * @param {number} depth
   * @param {boolean} breakable
   * @returns {Cbor | typeof BREAK}
   */
  item(depth, breakable) {
    if (depth > MAX_DEPTH) throw new CborError('nested too deeply');
    if (++this.count > this.maxItems) throw new CborError('too many items');
    const head = this.take(1)[0];
    if (head === 0xff) {
      if (breakable) return BREAK;
      throw new CborError('a stop code without a beginning');
    }
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.simple(info);
    const argument = info === 31 ? null : this.argument(info);
    if (major === 2 || major === 3) return this.string(major, argument, depth);
    if (major === 4) return this.array(argument, depth);
    if (major === 5) return this.map(argument, depth);
    if (argument === null) throw new CborError('an item that RFC 8949 does not know');
    if (major === 0) return argument;
    if (major === 1) return -1n - argument;
    return new Tagged(argument, this.value(depth + 1));
  }

  /** An item that is no stop code. @param {number} depth */
  value(depth) {
    return /** @type {Cbor} */ (this.item(depth, false));
  }

  /** @param {bigint | number} size */
  take(size) {
    if (size > this.data.length - this.at) throw new CborError('the bytes end too early');
    const taken = this.data.subarray(this.at, this.at + Number(size));
    this.at += Number(size);
    return taken;
  }

  /** @param {number} info */
  argument(info) {
    if (info < 24) return BigInt(info);
    if (info > 27) throw new CborError('a reserved length');
    let value = 0n;
    for (const byte of this.take(1 << (info - 24))) value = (value << 8n) | BigInt(byte);
    return value;
  }

  /** @param {number} info @returns {Cbor} */
  simple(info) {
    if (info === 20) return false;
    if (info === 21) return true;
    if (info === 22 || info === 23) return null;
    if (info < 25 || info > 27) throw new CborError('a simple value without meaning');
    const bytes = this.take(1 << (info - 24));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (info === 25) return half(view.getUint16(0));
    return info === 26 ? view.getFloat32(0) : view.getFloat64(0);
  }

  /** @param {number} major @param {bigint | null} size @param {number} depth */
  string(major, size, depth) {
    const raw = size === null ? this.pieces(major, depth) : this.take(size).slice();
    return major === 2 ? raw : text(raw);
  }

  /** @param {number} major @param {number} depth */
  pieces(major, depth) {
    /** @type {Uint8Array[]} */
    const pieces = [];
    for (;;) {
      const piece = this.item(depth + 1, true);
      if (piece === BREAK) return joined(...pieces);
      if (major === 2 && piece instanceof Uint8Array) pieces.push(piece);
      else if (major === 3 && typeof piece === 'string') pieces.push(utf8(piece));
      else throw new CborError('a string put together from something else');
    }
  }

  /** @param {bigint | null} size @param {number} depth */
  array(size, depth) {
    if (size !== null && size > this.maxItems) throw new CborError('too many items');
    /** @type {Cbor[]} */
    const items = [];
    while (size === null || items.length < size) {
      const item = this.item(depth + 1, size === null);
      if (item === BREAK) break;
      items.push(/** @type {Cbor} */ (item));
    }
    return items;
  }

  /** @param {bigint | null} size @param {number} depth */
  map(size, depth) {
    if (size !== null && size > this.maxItems) throw new CborError('too many items');
    const pairs = new CborMap();
    while (size === null || pairs.size < size) {
      const key = this.item(depth + 1, size === null);
      if (key === BREAK) break;
      if (typeof key !== 'bigint' && typeof key !== 'string' && !(key instanceof Uint8Array)) {
        throw new CborError('a key that is neither a number nor a string');
      }
      if (pairs.has(key)) throw new CborError('a key twice');
      pairs.set(key, this.value(depth + 1));
    }
    return pairs;
  }
}

/** @param {Uint8Array} raw */
function text(raw) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new CborError('text that is not UTF-8');
  }
}

/** A half-precision float, RFC 8949 appendix D. @param {number} bits */
function half(bits) {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * The Sig_structure of RFC 9052 section 4.4 in deterministic encoding: what a signature is over.
 * @param {Uint8Array} protectedBytes
 * @param {Uint8Array} externalData
 * @param {Uint8Array} payload
 */
export function signatureStructure(protectedBytes, externalData, payload) {
  return joined(
    Uint8Array.of(0x84),
    head(3, 10),
    utf8('Signature1'),
    bytesItem(protectedBytes),
    bytesItem(externalData),
    bytesItem(payload),
  );
}

/** A byte string as CBOR. @param {Uint8Array} bytes */
export function bytesItem(bytes) {
  return joined(head(2, bytes.length), bytes);
}

/** @param {number} major @param {number} argument */
function head(major, argument) {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  if (argument < 0x100) return Uint8Array.of(first | 24, argument);
  if (argument < 0x10000) return Uint8Array.of(first | 25, argument >> 8, argument & 0xff);
  const made = new Uint8Array(5);
  made[0] = first | 26;
  new DataView(made.buffer).setUint32(1, argument);
  return made;
}
