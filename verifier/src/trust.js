/**
 * What the page trusts: the registry's signed trust list, carried verbatim and verified here up to its
 * root, or another maker's key set, which nothing vouches for. See `docs/formats/trust-list.md`,
 * `ledger/trust.py` and `documents/trust.py`.
 */

import { sha256 } from '@noble/hashes/sha2.js';

import { equal, fromBase64, fromHex, joined, toBase64url, toHex, utf8 } from './bytes.js';
import { CborError, CborMap, read } from './cbor.js';
import { EDDSA, ES256, openCose } from './envelope.js';
import { inflated } from './inflate.js';
import { ed25519Signed, p256Signed } from './keys.js';

/** @typedef {import('./cbor.js').Cbor} Cbor */
/**
 * A key as the page's writer gives it, in hexadecimal.
 * @typedef {{kty: 'OKP' | 'EC', x: string, y?: string, kids: string[], named: boolean}} WrittenKey
 * @typedef {{list: string} | {keys: WrittenKey[]}} WrittenTrust
 */

const LIST_DOMAIN = utf8('waystation/trust-list/1\0');
const CERTIFICATE_DOMAIN = utf8('waystation/certificate/1\0');
const STATUS_DOMAIN = utf8('waystation/status-list/1\0');

const STATUS_SIZE = 131072; // documents per station and epoch
const GENUINE_BYTES = 16; // of each digest, as the list holds them
const MAX_GENUINE = 131072; // of one key: as many as an epoch has
const MAX_LIST_ITEMS = 400_000; // as the program reads

/** The page's trust does not verify: it is damaged, or somebody changed it. */
export class TrustError extends Error {}

/** A key a verifier trusts, with the limits its list sets, in seconds. Null: no limit is known. */
export class TrustedKey {
  /**
   * @param {bigint} algorithm the one algorithm that this key signs with
   * @param {(signature: Uint8Array, message: Uint8Array) => boolean} signed
   * @param {{
   *   kids: string[], named: boolean, issueFrom?: number | null, issueUntil?: number | null,
   *   lastExpiry?: number | null, status?: string, genuine?: Set<string>,
   * }} limits
   */
  constructor(algorithm, signed, limits) {
    this.algorithm = algorithm;
    this.signed = signed;
    this.kids = new Set(limits.kids);
    this.named = limits.named;
    this.issueFrom = limits.issueFrom ?? null;
    this.issueUntil = limits.issueUntil ?? null;
    this.lastExpiry = limits.lastExpiry ?? null;
    this.status = limits.status ?? 'active';
    this.genuine = limits.genuine ?? new Set();
  }

  /**
   * Whether it stands behind a credential of this SHA-256. A revoked key does only for those that are
   * known to be older than the day since when it may be in other hands.
   * @param {Uint8Array} digest
   */
  vouchesFor(digest) {
    return this.status !== 'revoked' || this.genuine.has(toHex(digest.subarray(0, GENUINE_BYTES)));
  }
}

/** Keys, revocation and who vouches for them. */
export class Trust {
  /**
   * @param {TrustedKey[]} keys
   * @param {Map<string, Uint8Array>} statusLists compressed bits by the name of the list
   * @param {{issuedAt: number, number: bigint, root: string} | null} list null for a key set
   */
  constructor(keys, statusLists, list) {
    this.keys = keys;
    this.statusLists = statusLists;
    this.issuedAt = list?.issuedAt ?? null;
    this.number = list?.number ?? null;
    this.root = list?.root ?? null;
    /** @type {Map<string, Uint8Array | null>} */
    this.bits = new Map();
  }

  /** Whole days since the list was signed; null for a key set; never negative. @param {number} at */
  ageDays(at) {
    return this.issuedAt === null ? null : Math.max(0, Math.floor((at - this.issuedAt) / 86400));
  }

  /** Every key of that name: eight bytes of a hash are not unique. @param {Uint8Array | null} kid */
  namedKeys(kid) {
    return kid === null ? [] : this.keys.filter((key) => key.kids.has(toHex(kid)));
  }

  /** Keys whose maker gave them no name: candidates for any credential. */
  namelessKeys() {
    return this.keys.filter((key) => !key.named);
  }

  /**
   * Whether it is revoked; null when that list is not here or does not reach so far.
   * @param {string} uri
   * @param {bigint} index
   */
  revoked(uri, index) {
    if (index >= STATUS_SIZE) return null;
    const bits = this.statusBits(uri);
    const place = Number(index);
    return bits === null ? null : ((bits[place >> 3] >> (place & 7)) & 1) === 1;
  }

  /** @param {string} uri */
  statusBits(uri) {
    const known = this.bits.get(uri);
    if (known !== undefined) return known;
    const compressed = this.statusLists.get(uri);
    const whole = compressed ? inflated(compressed, STATUS_SIZE / 8) : null;
    const bits = whole instanceof Uint8Array && whole.length === STATUS_SIZE / 8 ? whole : null;
    this.bits.set(uri, bits);
    return bits;
  }
}

/**
 * What the page was written with.
 * @param {WrittenTrust} written
 * @throws {TrustError}
 */
export function trustOf(written) {
  if ('keys' in written) return new Trust(written.keys.map(keyOfSet), new Map(), null);
  return fromTrustList(fromBase64(written.list));
}

/** @param {WrittenKey} written */
function keyOfSet({ kty, x, y = '', kids, named }) {
  const [first, second] = [fromHex(x), fromHex(y)];
  /** @type {TrustedKey['signed']} */
  const signed =
    kty === 'OKP'
      ? (signature, message) => ed25519Signed(first, signature, message)
      : (signature, message) => p256Signed(first, second, signature, message);
  return new TrustedKey(kty === 'OKP' ? EDDSA : ES256, signed, { kids, named });
}

/**
 * Verify a trust list up to the root that it carries, and read it.
 * @param {Uint8Array} data
 * @throws {TrustError}
 */
export function fromTrustList(data) {
  try {
    return verifiedList(data);
  } catch (error) {
    if (error instanceof TrustError) throw error;
    throw new TrustError('the trust list cannot be read');
  }
}

/** @param {Uint8Array} data */
function verifiedList(data) {
  const message = signedMessage(data);
  const list = mapOf(read(message.payload, { maxItems: MAX_LIST_ITEMS }));
  if (list.get(0n) !== 1n) throw new TrustError('a trust list of another version');
  const root = bytesOf(list.get(3n), 32);
  const trustKey = certifiedKey(bytesOf(list.get(4n)), root);
  const over = message.signedBytes(LIST_DOMAIN);
  if (!ed25519Signed(trustKey, message.signature, over)) {
    throw new TrustError('the signature on the trust list is false');
  }
  const statusLists = listOf(list.get(7n)).map((item) => {
    const entry = mapOf(item);
    const name = listName(bytesOf(entry.get(0n), 16), bytesOf(entry.get(1n), 8));
    return /** @type {[string, Uint8Array]} */ ([name, bytesOf(entry.get(2n))]);
  });
  return new Trust(listOf(list.get(5n)).map(listedKey), new Map(statusLists), {
    issuedAt: Number(integerOf(list.get(2n))),
    number: integerOf(list.get(1n)),
    root: toHex(sha256(root)),
  });
}

/**
 * The key in a certificate of a trust key, when the root issued it.
 * @param {Uint8Array} data
 * @param {Uint8Array} root
 */
function certifiedKey(data, root) {
  const message = signedMessage(data);
  const certificate = mapOf(read(message.payload));
  const [officeType] = listOf(certificate.get(3n));
  const key = bytesOf(certificate.get(5n), 32);
  const issuer = bytesOf(certificate.get(8n), 8);
  const right =
    certificate.get(0n) === 1n &&
    certificate.get(1n) === 'trust' &&
    officeType === 'registry' &&
    equal(issuer, sha256(root).subarray(0, 8)) &&
    ed25519Signed(root, message.signature, message.signedBytes(CERTIFICATE_DOMAIN));
  if (!right) throw new TrustError('the key of the trust list is not certified by its root');
  return key;
}

/**
 * A signed message of this project: bare tag 18, EdDSA, empty unprotected header, one encoding.
 * @param {Uint8Array} data
 */
function signedMessage(data) {
  const message = openCose(data);
  if (!equal(data, message.signedMessage()) || message.algorithm !== EDDSA) {
    throw new TrustError('a signed message in another form');
  }
  return message;
}

/** @param {Cbor} item */
function listedKey(item) {
  const entry = mapOf(item);
  const key = bytesOf(entry.get(1n), 32);
  const kid = bytesOf(entry.get(0n), 8);
  if (!equal(kid, sha256(key).subarray(0, 8))) throw new TrustError('a key under another name');
  const status = entry.get(6n);
  if (status !== 'active' && status !== 'retired' && status !== 'revoked') {
    throw new TrustError('a key of a status unknown here');
  }
  return new TrustedKey(EDDSA, (signature, over) => ed25519Signed(key, signature, over), {
    kids: [toHex(kid)],
    named: true,
    issueFrom: Number(integerOf(entry.get(3n))),
    issueUntil: Number(integerOf(entry.get(4n))),
    lastExpiry: Number(integerOf(entry.get(5n))),
    status,
    genuine: genuineOf(entry.get(8n)),
  });
}

/** What a compromised key vouches for still. @param {Cbor | undefined} value */
function genuineOf(value) {
  /** @type {Set<string>} */
  const found = new Set();
  if (value === undefined) return found;
  const digests = bytesOf(value);
  if (digests.length % GENUINE_BYTES || digests.length > MAX_GENUINE * GENUINE_BYTES) {
    throw new TrustError('a broken list of credentials');
  }
  for (let at = 0; at < digests.length; at += GENUINE_BYTES) {
    found.add(toHex(digests.subarray(at, at + GENUINE_BYTES)));
  }
  return found;
}

/** @param {Uint8Array} office @param {Uint8Array} epoch */
function listName(office, epoch) {
  const digest = sha256(joined(STATUS_DOMAIN, office, epoch));
  return `urn:wst:${toBase64url(digest.subarray(0, 9))}`;
}

/** @param {Cbor | undefined} value */
function mapOf(value) {
  if (!(value instanceof CborMap)) throw new CborError('no map');
  return value;
}

/** @param {Cbor | undefined} value */
function listOf(value) {
  if (!Array.isArray(value)) throw new CborError('no list');
  return value;
}

/** @param {Cbor | undefined} value @param {number} [size] */
function bytesOf(value, size) {
  if (!(value instanceof Uint8Array) || (size !== undefined && value.length !== size)) {
    throw new CborError('no byte string of that size');
  }
  return value;
}

/** @param {Cbor | undefined} value */
function integerOf(value) {
  if (typeof value !== 'bigint') throw new CborError('no whole number');
  return value;
}
