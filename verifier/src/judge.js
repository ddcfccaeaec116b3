/**
 * Verification of a credential: `documents/verify.py`, finding by finding. The signature is checked before
 * a claim is believed; the claims are read in any case, so that they can be compared with the paper.
 */

import { CborError, CborMap, read, Tagged } from './cbor.js';
import { toHex } from './bytes.js';
import { EnvelopeError, openText } from './envelope.js';
import { isBlank } from './numbers.js';
import { TrustedKey } from './trust.js';

/** @typedef {import('./cbor.js').Cbor} Cbor */
/** @typedef {import('./trust.js').Trust} Trust */
/** @typedef {Said[]} SaidList */
/**
 * A claim with its keys as text.
 * @typedef {null | boolean | bigint | number | string | Uint8Array | SaidList | Map<string, any>} Said
 * @typedef {Map<string, Said>} Claims
 * @typedef {'valid' | 'expired' | 'not_yet_valid' | 'revoked' | 'unknown_key' | 'forged' | 'unreadable'} Verdict
 * @typedef {{verdict: Verdict, reason: string, claims: Claims, revocation: 'checked' | 'unknown'}} Result
 */

/** From good to worst. @type {readonly Verdict[]} */
export const VERDICTS = [
  'valid',
  'expired',
  'not_yet_valid',
  'revoked',
  'unknown_key',
  'forged',
  'unreadable',
];

const SKEW = 24 * 3600; // seconds; field laptops run for weeks without network time

const [EXP, NBF, IAT, CLAIM_169, STATUS, HEALTH] = ['4', '5', '6', '169', '65535', '-260'];

/** For sorting, the worst first. @param {Verdict} one @param {Verdict} other */
export function bySeverity(one, other) {
  return VERDICTS.indexOf(other) - VERDICTS.indexOf(one);
}

/** The most severe of several. @param {Verdict[]} verdicts */
export function worst(verdicts) {
  return verdicts.reduce((one, other) =>
    VERDICTS.indexOf(other) > VERDICTS.indexOf(one) ? other : one,
  );
}

/**
 * Verify one code and say why.
 * @param {string} text
 * @param {Trust} trust
 * @param {number} at seconds since 1970
 * @returns {Result}
 */
export function judge(text, trust, at) {
  let envelope;
  try {
    envelope = openText(text);
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    if (isBlank(text)) return found('unreadable', 'blank_form');
    const verdict = error.code === 'header_twice' ? 'forged' : 'unreadable';
    return found(verdict, error.code);
  }
  const claims = claimsOr(null, envelope.payload);
  const signer = signerOf(envelope, trust);
  if (!(signer instanceof TrustedKey)) return found(...signer, claims ?? undefined);
  if (claims === null) return found('unreadable', 'bad_claims');
  return judgeClaims(claims, signer, trust, at, envelope.digest());
}

/**
 * @param {Verdict} verdict
 * @param {string} reason
 * @param {Claims} [claims]
 * @param {Result['revocation']} [revocation]
 * @returns {Result}
 */
function found(verdict, reason, claims = new Map(), revocation = 'unknown') {
  return { verdict, reason, claims, revocation };
}

/**
 * The trusted key that made the signature, or the verdict when none did. Only a key that goes by the
 * credential's own key id can prove a forgery: an old trust list must not make a forger of anybody.
 * @param {import('./envelope.js').Envelope} envelope
 * @param {Trust} trust
 * @returns {TrustedKey | [Verdict, string]}
 */
function signerOf(envelope, trust) {
  if (!envelope.signature.length) return ['forged', 'empty_signature'];
  if (envelope.algorithm === null) return ['forged', 'no_algorithm'];
  const named = trust.namedKeys(envelope.kid);
  const unnamed = envelope.kid === null ? trust.keys : trust.namelessKeys();
  const candidates = [...named, ...unnamed.filter((key) => !named.includes(key))];
  const fits = (/** @type {TrustedKey} */ key) => envelope.algorithm === key.algorithm;
  const over = envelope.signedBytes();
  for (const key of candidates.filter(fits)) {
    if (key.signed(envelope.signature, over)) return key;
  }
  if (!named.length) return ['unknown_key', candidates.length ? 'no_key_fits' : 'no_such_key'];
  return ['forged', named.some(fits) ? 'bad_signature' : 'wrong_algorithm'];
}

/**
 * The claims, or the given value when they are damaged or say one thing twice.
 * @template T
 * @param {T} otherwise
 * @param {Uint8Array} payload
 */
function claimsOr(otherwise, payload) {
  try {
    return claimsOf(payload);
  } catch (error) {
    if (error instanceof CborError) return otherwise;
    throw error;
  }
}

/** @param {Uint8Array} payload @returns {Claims} */
function claimsOf(payload) {
  let item = read(payload);
  if (item instanceof Tagged) item = item.value;
  if (!(item instanceof CborMap)) throw new CborError('the claims are not a map');
  for (const key of [169n, '169']) {
    const wrapped = item.get(key);
    if (wrapped instanceof Uint8Array) item.set(key, read(wrapped));
  }
  return /** @type {Claims} */ (withTextKeys(item));
}

/** @param {Cbor} value @returns {Said} */
function withTextKeys(value) {
  if (value instanceof Tagged) return withTextKeys(value.value);
  if (Array.isArray(value)) return value.map(withTextKeys);
  if (!(value instanceof CborMap)) return value;
  /** @type {Claims} */
  const out = new Map();
  for (const [key, inner] of value.pairs.values()) {
    const name = key instanceof Uint8Array ? toHex(key) : String(key);
    if (out.has(name)) throw new CborError('a key twice, as number and as text');
    out.set(name, withTextKeys(inner));
  }
  return out;
}

/**
 * Judge what a trusted key has signed. The worst of several findings wins.
 * @param {Claims} claims
 * @param {TrustedKey} signer
 * @param {Trust} trust
 * @param {number} at
 * @param {Uint8Array} digest
 */
function judgeClaims(claims, signer, trust, at, digest) {
  const [issued, notBefore, expires] = [IAT, NBF, EXP].map((claim) => moment(claims, claim));
  if ([issued, notBefore, expires].some((time) => time !== null && !Number.isFinite(time))) {
    return found('unreadable', 'bad_times', claims);
  }
  if (!holdsIdentity(claims, trust)) return found('unreadable', 'no_identity', claims);
  const revoked = isRevoked(claims, trust);
  /** @type {Map<Verdict, string>} */
  const findings = new Map([['valid', 'valid']]);
  const skewed = at + SKEW;
  if ([issued, notBefore].some((start) => start !== null && start > skewed)) {
    findings.set('not_yet_valid', 'not_yet_valid');
  }
  if ([expires, signer.lastExpiry].some((end) => end !== null && at >= end)) {
    findings.set('expired', 'expired');
  }
  if (issued !== null && outsideWindow(issued, signer)) {
    findings.set('unknown_key', 'outside_window');
  }
  if (!signer.vouchesFor(digest)) findings.set('revoked', 'key_revoked');
  if (revoked) findings.set('revoked', 'revoked');
  const verdict = worst([...findings.keys()]);
  const reason = findings.get(verdict) ?? verdict;
  return found(verdict, reason, claims, revoked === null ? 'unknown' : 'checked');
}

/** @param {number} issued @param {TrustedKey} signer */
function outsideWindow(issued, signer) {
  return (
    (signer.issueFrom !== null && issued < signer.issueFrom - SKEW) ||
    (signer.issueUntil !== null && issued > signer.issueUntil + SKEW)
  );
}

/**
 * Claim 169; or, under another maker's keys, the health certificate that shares the container.
 * @param {Claims} claims
 * @param {Trust} trust
 */
function holdsIdentity(claims, trust) {
  if (claims.get(CLAIM_169) instanceof Map) return true;
  const health = claims.get(HEALTH);
  return health instanceof Map && health.get('1') instanceof Map && trust.root === null;
}

/**
 * A NumericDate (RFC 8392 section 2), null when absent, NaN when it is no number.
 * @param {Claims} claims
 * @param {string} claim
 */
function moment(claims, claim) {
  const value = claims.get(claim);
  if (value === undefined || value === null) return null;
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
}

/** @param {Claims} claims @param {Trust} trust */
function isRevoked(claims, trust) {
  const status = claims.get(STATUS);
  const reference = status instanceof Map ? status.get('status_list') : undefined;
  if (!(reference instanceof Map)) return null;
  const [index, uri] = [reference.get('idx'), reference.get('uri')];
  if (typeof index !== 'bigint' || index < 0n || typeof uri !== 'string') return null;
  return trust.revoked(uri, index);
}
