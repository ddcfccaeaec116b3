/**
 * What a code says, in words to compare with the paper and the person: `desktop/pages/claims.py`. Other
 * makers' codes carry other keys; what is not known here is not shown.
 */

import { dayOf, lastDay, partialDate } from './dates.js';

/** @typedef {import('./dates.js').Day} Day */
/** @typedef {import('./judge.js').Claims} Claims */
/** @typedef {import('./words.js').Words} Words */
/**
 * A fact's label is a key of the words, or `question` says it in words.
 * @typedef {{label: string, value: string, language?: string, question?: string}} Fact
 * @typedef {{name: string, facts: Fact[], photo: Uint8Array | null}} Told
 */

/** @type {Map<bigint, string>} */
const SEX = new Map([
  [1n, 'M'],
  [2n, 'F'],
  [3n, 'X'],
]);
const NAMES = [
  ['19', 'name'],
  ['4', 'name_latin'],
  ['5', 'first_name'],
  ['6', 'middle_name'],
  ['7', 'family_name'],
];
const DIGITS = /^(\p{Nd}{4})[-/]?(\p{Nd}\p{Nd})[-/]?(\p{Nd}\p{Nd})$/u;
const LONGEST = 400; // characters of a value, as the format allows a fact
/** The number of a document of an office: docs/formats/numbers.md. */
const OURS = /^[A-Z]{3}-[A-Z0-9]{2,5}-[A-Z0-9]{3}-D[0-9]{5,7}-[0-9]{2}$/;
const LANGUAGE_TAG = /^[a-z]{3}$/;

/**
 * @param {Claims} claims
 * @param {Words} words
 * @param {Day} today
 * @returns {Told}
 */
export function told(claims, words, today) {
  const held = claims.get('169');
  const inner = held instanceof Map ? held : new Map();
  /** @type {Fact[]} */
  const facts = [];
  const add = (
    /** @type {string} */ label,
    /** @type {string} */ value,
    /** @type {string} */ language = '',
  ) => {
    const line = oneLine(value);
    if (line) facts.push(language ? { label, value: line, language } : { label, value: line });
  };
  for (const [key, label] of NAMES) {
    add(label, text(inner.get(key)), key === '19' ? tag(inner.get('20')) : '');
  }
  const name = facts[0]?.value ?? '';
  add('born', birth(inner, words, today));
  add('sex', words.sex(SEX.get(inner.get('9')) ?? ''));
  add('nationality', words.country(text(inner.get('13'))));
  add('person_number', text(inner.get('1')));
  const members = counted(inner);
  if (members) add('household', words.count('persons', members));
  for (const one of event(claims, inner, words)) facts.push({ ...one, value: oneLine(one.value) });
  add('document_number', text(claims.get('7')));
  add('issued_by', text(claims.get('1')));
  add('issued_on', day(claims.get('6'), dayOf, words));
  add('valid_until', day(claims.get('4'), lastDay, words));
  const photo = inner.get('16');
  return { name, facts, photo: photo instanceof Uint8Array ? photo : null };
}

/**
 * What the code tells of an event: `documents/told.py`. What nothing is known about keeps its name.
 * @param {Claims} claims
 * @param {Map<string, any>} inner
 * @param {Words} words
 * @returns {Fact[]}
 */
function event(claims, inner, words) {
  /** @type {Fact[]} */
  const facts = [];
  const id = kindOf(claims, inner);
  const document = id ? words.document(id) : null;
  if (id) facts.push({ label: 'document', value: document?.title ?? plain(id) });
  const pairs = inner.get('78');
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    if (!Array.isArray(pair) || pair.length !== 2) continue;
    const [name, value] = pair;
    if (typeof name !== 'string' || typeof value !== 'string' || !name || !value) continue;
    facts.push(fact(name, value, document?.facts ?? new Map(), words));
  }
  const serial = inner.get('79');
  if (typeof serial === 'string' && serial) facts.push({ label: 'serial', value: serial });
  return facts;
}

/**
 * The id of the document, or nothing: the two that every registration has do not name themselves.
 * @param {Claims} claims
 * @param {Map<string, any>} inner
 */
function kindOf(claims, inner) {
  const named = inner.get('77');
  if (typeof named === 'string' && named) return named;
  if (!OURS.test(text(claims.get('7')))) return '';
  return counted(inner) ? 'household' : 'registration';
}

/** How many members it counts, 0 when it counts none. @param {Map<string, any>} inner */
function counted(inner) {
  const members = inner.get('76');
  return typeof members === 'bigint' && members > 0n ? Number(members) : 0;
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Map<string, import('./words.js').Question>} known
 * @param {Words} words
 * @returns {Fact}
 */
function fact(name, value, known, words) {
  if (name === 'holder') return { label: 'part', value: known.get(value)?.label ?? plain(value) };
  const question = known.get(name);
  if (question) return { label: name, question: question.label, value: answer(question, value, words) };
  const of = name.endsWith('_latin') ? known.get(name.slice(0, -'_latin'.length)) : undefined;
  if (of) return { label: name, question: words.say('latin', { label: of.label }), value };
  return { label: name, question: plain(name), value };
}

/** @param {import('./words.js').Question} question @param {string} value @param {Words} words */
function answer({ kind, codes }, value, words) {
  if (kind === 'date') {
    const said = partialDate(value);
    return said === null ? value : words.date(said);
  }
  if (kind === 'code') return words.code(codes, value);
  if (kind === 'codes') {
    return value
      .split(/\s+/)
      .filter(Boolean)
      .map((code) => words.code(codes, code))
      .join(', ');
  }
  return value;
}

/**
 * A name that nothing is known about, as words: `plain` of `documents/told.py`.
 * @param {string} name
 */
export function plain(name) {
  const words = name.replace(/[^A-Za-z0-9]+/g, ' ').trim().slice(0, 40).trimEnd();
  return words.slice(0, 1).toUpperCase() + words.slice(1) || '?';
}

/** What was written, on one line and not endless. @param {string} value */
export function oneLine(value) {
  const letters = [...value.slice(0, 4 * LONGEST).replace(/[\s\x1c-\x1f\x85]+/g, ' ').trim()];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : letters.join('');
}

/** @param {unknown} value */
function text(value) {
  if (value instanceof Uint8Array) {
    return value.every((byte) => byte < 128) ? String.fromCharCode(...value) : '';
  }
  return typeof value === 'string' ? value.trim() : '';
}

/** The language of a name, ISO 639-3. @param {unknown} value */
function tag(value) {
  return typeof value === 'string' && LANGUAGE_TAG.test(value) ? value : '';
}

/** @param {Map<string, any>} inner @param {Words} words @param {Day} today */
function birth(inner, words, today) {
  let said = text(inner.get('75'));
  const digits = said ? null : DIGITS.exec(text(inner.get('8')));
  if (digits) said = `${digits[1]}-${digits[2]}-${digits[3]}`;
  if (!said) return '';
  const born = partialDate(said);
  if (born === null) return said;
  return words.say('born_age', { date: words.date(born), age: words.age(born, today) });
}

/**
 * @param {unknown} value
 * @param {(seconds: number) => Day | null} which
 * @param {Words} words
 */
function day(value, which, words) {
  if (typeof value !== 'bigint' && typeof value !== 'number') return '';
  const found = which(Number(value));
  return found ? words.day(found) : '';
}
