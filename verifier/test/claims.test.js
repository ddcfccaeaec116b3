import assert from 'node:assert/strict';
import test from 'node:test';

import { oneLine, plain, told } from '../src/claims.js';
import { Words } from '../src/words.js';
import { vectors } from './vectors.js';

const words = new Words('en', vectors('words.json').languages.en);
/** @type {import('../src/dates.js').Day} */
const TODAY = [2026, 11, 15];

/** @param {[string, any][]} attributes @param {[string, any][]} claims */
function facts(attributes, claims = []) {
  const { facts } = told(new Map([...claims, ['169', new Map(attributes)]]), words, TODAY);
  return Object.fromEntries(facts.map(({ label, value }) => [label, value]));
}

test('what is known is told, the own name first', () => {
  /** @type {[string, any][]} */
  const attributes = [
    ['1', 'WST-A01-K7Q-P00042-08'],
    ['4', 'Saw Htoo Wah'],
    ['8', '19860309'],
    ['9', 1n],
    ['13', 'MMR'],
    ['19', ' \u1005\u1031\u102c '],
    ['20', 'ksw'],
    ['76', 3n],
  ];
  const said = told(new Map([['169', new Map(attributes)]]), words, TODAY);
  assert.equal(said.name, '\u1005\u1031\u102c');
  assert.deepEqual(said.facts[0], { label: 'name', value: '\u1005\u1031\u102c', language: 'ksw' });
  assert.deepEqual(facts(attributes), {
    name: '\u1005\u1031\u102c',
    name_latin: 'Saw Htoo Wah',
    born: '9 March 1986, age 40',
    sex: 'Male',
    nationality: 'Myanmar',
    person_number: 'WST-A01-K7Q-P00042-08',
    household: '3 persons',
  });
});

test('what is not known, or of another type, is not shown', () => {
  /** @type {[string, any][]} */
  const attributes = [
    ['1', 7n],
    ['4', null],
    ['8', new Map()],
    ['9', '2'],
    ['13', 1.5],
    ['16', 'no picture'],
    ['76', true],
    ['99', 'new'],
  ];
  /** @type {[string, any][]} */
  const claims = [
    ['4', true],
    ['6', 'never'],
    ['7', Uint8Array.of(255)],
  ];
  assert.deepEqual(facts(attributes, claims), {});
  assert.deepEqual(told(new Map(), words, TODAY), { name: '', facts: [], photo: null });
});

test('a birth that is no date is shown as it stands', () => {
  assert.equal(facts([['75', 'long ago']]).born, 'long ago');
  assert.equal(facts([['8', '19861309']]).born, '1986-13-09');
  assert.equal(facts([['75', '1985~']]).born, 'about 1985, age about 41');
});

test('what a document tells of an event is told in words', () => {
  /** @type {[string, any][]} */
  const attributes = [
    ['4', 'Ilan Orlok'],
    ['77', 'birth'],
    [
      '78',
      [
        ['holder', 'child'],
        ['date', '2026-11-10'],
        ['place', 'Reception site'],
        ['birth_type', 'single'],
        ['mother', '\u062f\u0627\u0644\u064a\u0627'],
        ['mother_latin', 'Dalia Orlok'],
        ['own_question', 'yes'],
        ['', 'nothing'],
        ['date'],
        'date',
      ],
    ],
    ['79', 'A-000017'],
  ];
  const { facts } = told(new Map([['169', new Map(attributes)]]), words, TODAY);
  const said = facts.map(({ label, question, value }) => [question ?? label, value]);
  assert.deepEqual(said, [
    ['name_latin', 'Ilan Orlok'],
    ['document', 'Notification of birth'],
    ['part', 'The child'],
    ['When the child was born', '10 November 2026'],
    ['Place of birth', 'Reception site'],
    ['How many were born', 'One child'],
    ['Mother', '\u062f\u0627\u0644\u064a\u0627'],
    ['Mother (Latin letters)', 'Dalia Orlok'],
    ['Own question', 'yes'],
    ['serial', 'A-000017'],
  ]);
});

test('a document that is not known keeps its name', () => {
  /** @type {[string, any][]} */
  const attributes = [
    ['77', 'constructor'],
    ['78', [['holder', 'head_of_it'], ['toString', '1']]],
  ];
  const { facts } = told(new Map([['169', new Map(attributes)]]), words, TODAY);
  assert.deepEqual(
    facts.map(({ label, question, value }) => [question ?? label, value]),
    [
      ['document', 'Constructor'],
      ['part', 'Head of it'],
      ['ToString', '1'],
    ],
  );
});

test('a name that nothing is known about says nothing but words, and not many', () => {
  for (const [name, shown] of vectors('words.json').names) assert.equal(plain(name), shown, name);
});

test('a value stands on one line and ends', () => {
  assert.equal(oneLine(' a\n\n\u2028 b\t'), 'a b');
  assert.equal([...oneLine('\u{1f600}'.repeat(900))].length, 401);
});
