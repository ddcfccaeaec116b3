/**
 * The words of one language, as the page's writer took them from the program's catalogues, and how dates
 * and ages are said with them: `forms/wording.py` for the Gregorian calendar.
 */

import { completedYears, daysBetween } from './dates.js';

/** @typedef {import('./dates.js').Day} Day */
/** @typedef {import('./dates.js').PartialDate} PartialDate */
/**
 * `plurals` hold the forms and, digit by digit, which of them a number from 0 to 199 takes. `days` and
 * `months` are patterns for a day of each month, and for the month itself.
 * @typedef {{
 *   name: string, dir: 'ltr' | 'rtl', words: Record<string, string>,
 *   plurals: Record<string, {forms: string[], index: string}>,
 *   days: string[], months: string[],
 *   countries: Record<string, string>, sex: Record<string, string>,
 *   documents: Record<string, {title: string, facts: Record<string, [string, string, string]>}>,
 *   codes: Record<string, Record<string, string>>,
 * }} Catalogue
 */
/**
 * What a fact answers: its words, `date`, `code`, `codes`, `person` or `text`, and the list of codes.
 * @typedef {{label: string, kind: string, codes: string}} Question
 */

const MONTHS_SAID_BELOW = 2; // years
const NARROW = 62; // days

export class Words {
  /** @param {string} language BCP 47 @param {Catalogue} catalogue */
  constructor(language, catalogue) {
    this.language = language;
    this.catalogue = catalogue;
  }

  get dir() {
    return this.catalogue.dir;
  }

  /**
   * The words for a key with their placeholders filled.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    return filled(this.catalogue.words[key] ?? key, values);
  }

  /** Whether there are words for a key. @param {string} key */
  has(key) {
    return key in this.catalogue.words;
  }

  /**
   * The form that a number from 0 on takes; `{n}` and `{count}` are the number.
   * @param {string} key
   * @param {number} n
   */
  count(key, n) {
    const { forms, index } = this.catalogue.plurals[key];
    // gettext's rules look at the last two digits; beyond 199 they repeat from 100 on.
    const place = n < index.length ? n : 100 + (n % 100);
    return filled(forms[Number(index[place])], { n, count: n });
  }

  /** @param {string} code */
  sex(code) {
    return this.catalogue.sex[code] ?? code;
  }

  /** @param {string} code ISO 3166-1 alpha-3; one that is not known is said as it is */
  country(code) {
    return Object.hasOwn(this.catalogue.countries, code) ? this.catalogue.countries[code] : code;
  }

  /**
   * A code of a list; one that is not known is said as it is.
   * @param {string} list
   * @param {string} code
   */
  code(list, code) {
    if (list === 'countries') return this.country(code);
    const { codes } = this.catalogue;
    if (!Object.hasOwn(codes, list)) return code;
    return Object.hasOwn(codes[list], code) ? codes[list][code] : code;
  }

  /**
   * What a document is called and asks, or null for one that is not known.
   * @param {string} id
   */
  document(id) {
    const { documents } = this.catalogue;
    if (!Object.hasOwn(documents, id)) return null;
    const { title, facts } = documents[id];
    /** @type {Map<string, Question>} */
    const known = new Map();
    for (const [name, [label, kind, codes]] of Object.entries(facts)) {
      known.set(name, { label, kind, codes });
    }
    return { title, facts: known };
  }

  /** @param {Day} day */
  day([year, month, day]) {
    return filled(this.catalogue.days[month - 1], { day, year });
  }

  /** A date as it is known. @param {PartialDate} said */
  date(said) {
    const words = this.exactly(said);
    return said.approximate ? this.say('about_date', { date: words }) : words;
  }

  /** @param {PartialDate} said */
  exactly({ earliest, latest, precision }) {
    const width = daysBetween(earliest, latest);
    if (width === 0) return this.day(earliest);
    if (precision === 'month') {
      return filled(this.catalogue.months[earliest[1] - 1], { year: earliest[0] });
    }
    if (precision === 'year') return String(earliest[0]);
    if (width < NARROW) {
      return this.say('between', { first: this.day(earliest), last: this.day(latest) });
    }
    const [first, last] = [earliest[0], latest[0]];
    return this.say(last - first === 1 ? 'either' : 'between', { first, last });
  }

  /** An age on a day as far as it is known. @param {PartialDate} born @param {Day} on */
  age(born, on) {
    const youngest = completedYears(born.latest, on);
    const oldest = completedYears(born.earliest, on);
    if (born.precision === 'day' && !born.approximate && youngest < MONTHS_SAID_BELOW) {
      const months = monthsBetween(born.earliest, on);
      return months ? this.count('months', months) : this.say('under_month');
    }
    if (oldest === 0) return this.say('under_year');
    if (born.approximate) return this.say('about_age', { age: oldest });
    if (youngest === oldest) return String(youngest);
    const between = oldest - youngest === 1 ? 'either' : 'between';
    return this.say(between, { first: youngest, last: oldest });
  }
}

/** @param {Day} born @param {Day} on */
function monthsBetween(born, on) {
  const months = Math.max(0, (on[0] - born[0]) * 12 + on[1] - born[1]);
  return months && on[2] < born[2] ? months - 1 : months;
}

/** @param {string} text @param {Record<string, string | number>} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/**
 * The language to begin with: the first of the reader's that is here, else the first of ours.
 * @param {readonly string[]} wanted
 * @param {string[]} known
 */
export function chosen(wanted, known) {
  for (const tag of wanted) {
    const parts = tag.split('-');
    for (let count = parts.length; count > 0; count--) {
      const shorter = parts.slice(0, count).join('-').toLowerCase();
      const found = known.find((one) => one.toLowerCase() === shorter);
      if (found) return found;
    }
  }
  return known[0];
}
