import assert from 'node:assert/strict';
import test from 'node:test';

import { lastDay, partialDate } from '../src/dates.js';
import { chosen, Words } from '../src/words.js';
import { vectors } from './vectors.js';

/** @typedef {import('../src/dates.js').Day} Day */

const { today, languages, births, persons, last_days: lastDays } = vectors('words.json');
const TODAY = /** @type {Day} */ (today.split('-').map(Number));

for (const [language, catalogue] of Object.entries(languages)) {
  const words = new Words(language, catalogue);

  for (const [edtf, said] of Object.entries(births[language])) {
    test(`${edtf} in ${language}`, () => {
      const born = partialDate(edtf);
      const told =
        born && words.say('born_age', { date: words.date(born), age: words.age(born, TODAY) });
      assert.equal(told, said);
    });
  }

  test(`numbers take their forms in ${language}`, () => {
    for (const [n, said] of Object.entries(persons[language])) {
      assert.equal(words.count('persons', Number(n)), said);
    }
  });
}

for (const [at, day] of lastDays) {
  test(`a document that ends at ${at} is good until ${day}`, () => {
    const padded = (lastDay(at) ?? []).map((part, place) =>
      String(part).padStart(place ? 2 : 4, '0'),
    );
    assert.equal(padded.join('-'), day);
  });
}

test('a moment outside the calendar has no day', () => {
  for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 1e20, -1e15])
    assert.equal(lastDay(at), null);
});

test('the language of the reader is taken where it is spoken', () => {
  const known = ['en', 'ar', 'fr', 'fa-AF'];
  assert.equal(chosen(['de-CH', 'fr-CH', 'en'], known), 'fr');
  assert.equal(chosen(['fa-af'], known), 'fa-AF');
  assert.equal(chosen(['ar-SY'], known), 'ar');
  assert.equal(chosen(['xx'], known), 'en');
  assert.equal(chosen([], known), 'en');
});

test('a placeholder that nothing fills stays, and values are not read as patterns', () => {
  const words = new Words('en', languages.en);
  assert.equal(words.say('about_date'), 'about {date}');
  assert.equal(words.say('about_date', { date: '{date} $& {age}' }), 'about {date} $& {age}');
  assert.equal(words.country('constructor'), 'constructor');
});
