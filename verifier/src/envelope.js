/**
 * From the text of a QR code to what a signature can be checked over: `documents/envelope.py`, limit by
 * limit and reason by reason.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import { decode } from './base45.js';
import { joined } from './bytes.js';
import { bytesItem, CborError, CborMap, read, signatureStructure, Tagged } from './cbor.js';
import { inflated } from './inflate.js';

export const MAX_TEXT = 8192; // characters; a version 40 symbol holds 4,296
export const MAX_INFLATED = 8192; // bytes

// RFC 9052 sections 2 and 3.1, RFC 8392 section 6.
const COSE_SIGN1 = 18n;
const COSE_ENCRYPT0 = 16n;
const CWT_TAG = 61n;
const ALG = 1n;
const CRIT = 2n;
const KID = 4n;

export const EDDSA = -8n;
export const ES256 = -7n;

const AROUND = ' \t\n\v\f\r\ufeff';
const PREFIX = /^[A-Z][A-Z0-9]{1,3}:/;

/** @typedef {import('./cbor.js').Cbor} Cbor */

/** The text is no signed credential; `code` is the reason of a verdict. */
export class EnvelopeError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** A COSE_Sign1 taken apart. Nothing in it has been verified. */
export class Envelope {
  /**
   * @param {Uint8Array} protectedBytes
   * @param {CborMap} protectedMap
   * @param {CborMap} unprotectedMap
   * @param {Uint8Array} payload
   * @param {Uint8Array} signature
   */
  constructor(protectedBytes, protectedMap, unprotectedMap, payload, signature) {
    this.protectedBytes = protectedBytes;
    this.protectedMap = protectedMap;
    this.unprotectedMap = unprotectedMap;
    this.payload = payload;
    this.signature = signature;
  }

  /** As the protected header states it, or null. Elsewhere it does not count. */
  get algorithm() {
    return this.protectedMap.get(ALG) ?? null;
  }

  /** The key id: protected if there, else unprotected, where other makers put it. */
  get kid() {
    for (const header of [this.protectedMap, this.unprotectedMap]) {
      const kid = header.get(KID);
      if (kid instanceof Uint8Array && kid.length) return kid;
    }
    return null;
  }

  /** The one encoding of what is signed, with the bare tag 18 and an empty unprotected header. */
  signedMessage() {
    return joined(
      Uint8Array.of(0xd2, 0x84),
      bytesItem(this.protectedBytes),
      Uint8Array.of(0xa0),
      bytesItem(this.payload),
      bytesItem(this.signature),
    );
  }

  /** The name of the credential, whatever its maker wrote around it: SHA-256. */
  digest() {
    return sha256(this.signedMessage());
  }

  /** What the signature is over. @param {Uint8Array} [externalData] */
  signedBytes(externalData = new Uint8Array()) {
    return signatureStructure(this.protectedBytes, externalData, this.payload);
  }
}

/**
 * Take the text of a QR code apart.
 * @param {string} said
 * @throws {EnvelopeError}
 */
export function openText(said) {
  const text = asPrinted(said);
  // Characters, not the units of UTF-16 that `length` counts.
  if (text.length > MAX_TEXT && [...text].length > MAX_TEXT) throw new EnvelopeError('too_long');
  let failure = new EnvelopeError('not_base45');
  const prefix = PREFIX.exec(text);
  // A colon is a Base45 character, so the bare text comes first. The reason that got furthest is told.
  for (const candidate of [text, prefix ? text.slice(prefix[0].length) : '']) {
    const bytes = candidate ? decode(candidate) : null;
    if (bytes === null) continue;
    try {
      return openSigned(bytes);
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      if (failure.code === 'not_base45' || failure.code === 'not_cose') failure = error;
    }
  }
  throw failure;
}

/**
 * The text as it is in the code: without what files and readers put around it, and in capitals when it has
 * none at all, because a reader with Caps Lock on types nothing else.
 * @param {string} said
 */
function asPrinted(said) {
  let [first, last] = [0, said.length];
  while (first < last && AROUND.includes(said[first])) first += 1;
  while (first < last && AROUND.includes(said[last - 1])) last -= 1;
  const text = said.slice(first, last);
  return /^[\x00-\x40\x5b-\x7f]*$/.test(text) ? text.toUpperCase() : text;
}

/**
 * Take COSE bytes apart, inflated first when they are a zlib stream.
 * @param {Uint8Array} data
 * @throws {EnvelopeError}
 */
export function openSigned(data) {
  return openCose(unpacked(data));
}

/**
 * Take COSE bytes apart.
 * @param {Uint8Array} data
 * @throws {EnvelopeError}
 */
export function openCose(data) {
  let item = readOr('not_cose', data);
  for (const tag of [CWT_TAG, COSE_SIGN1]) {
    if (item instanceof Tagged && item.tag === tag) item = item.value;
  }
  if (item instanceof Tagged) {
    throw new EnvelopeError(item.tag === COSE_ENCRYPT0 ? 'encrypted' : 'not_cose');
  }
  return envelopeOf(item);
}

/** @param {Uint8Array} data */
function unpacked(data) {
  // RFC 1950: deflate with a window up to 32 kB, and the two bytes divide by 31. CBOR that begins so
  // would be a negative number, which is no credential.
  const zlib = data.length >= 2 && (data[0] & 15) === 8 && ((data[0] << 8) | data[1]) % 31 === 0;
  if (!zlib) return data;
  const whole = inflated(data, MAX_INFLATED);
  if (whole === 'too_large') throw new EnvelopeError('too_large');
  if (whole === 'damaged') throw new EnvelopeError('not_cose');
  return whole;
}

/** @param {string} code @param {Uint8Array} data */
function readOr(code, data) {
  try {
    return read(data);
  } catch (error) {
    if (error instanceof CborError) throw new EnvelopeError(code);
    throw error;
  }
}

/** @param {Cbor} item */
function envelopeOf(item) {
  if (!Array.isArray(item) || item.length !== 4) throw new EnvelopeError('not_cose');
  const [protectedBytes, unprotectedMap, payload, signature] = item;
  if (
    !(protectedBytes instanceof Uint8Array) ||
    !(unprotectedMap instanceof CborMap) ||
    !(signature instanceof Uint8Array)
  ) {
    throw new EnvelopeError('not_cose');
  }
  if (!(payload instanceof Uint8Array)) throw new EnvelopeError('detached');
  const protectedMap = protectedBytes.length ? readOr('not_cose', protectedBytes) : new CborMap();
  if (!(protectedMap instanceof CborMap)) throw new EnvelopeError('not_cose');
  if (protectedMap.has(CRIT) || unprotectedMap.has(CRIT)) {
    throw new EnvelopeError('critical_header');
  }
  // RFC 9052 section 3: one label in both maps could be read either way.
  if (protectedMap.has(ALG) && unprotectedMap.has(ALG)) throw new EnvelopeError('header_twice');
  return new Envelope(protectedBytes, protectedMap, unprotectedMap, payload, signature);
}
