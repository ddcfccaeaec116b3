/** What the page shows of a result and of its trust. Text is only ever set as text. */

import { toBase64 } from './bytes.js';
import { told } from './claims.js';
import { dayOf, localDay } from './dates.js';
import { stillType } from './portrait.js';

/** @typedef {import('./judge.js').Result} Result */
/** @typedef {import('./judge.js').Verdict} Verdict */
/** @typedef {import('./trust.js').Trust} Trust */
/** @typedef {import('./words.js').Words} Words */

const OLD_LIST = 30; // days, as in the window: after them revocations will be missing

/** Tone and picture of each verdict. @type {Record<Verdict, 'success' | 'warning' | 'danger'>} */
const TONES = {
  valid: 'success',
  expired: 'warning',
  not_yet_valid: 'warning',
  revoked: 'danger',
  unknown_key: 'warning',
  forged: 'danger',
  unreadable: 'warning',
};
/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} name */
function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * The card of one code: its verdict in the largest words there are, and what to compare.
 * @param {Result} result
 * @param {{words: Words, trust: Trust, at: Date, number: number, count: number}} known
 */
export function card(result, known) {
  const { words, number, count } = known;
  const tone = TONES[result.verdict];
  const word = element('h2', { tabindex: '-1' }, words.say(`verdict.${result.verdict}`));
  const sentence = element('p', {}, words.say(`reason.${result.reason}`));
  const which = words.say('code_of', { number, count });
  const lines =
    count > 1 ? [element('p', { class: 'caption' }, which), word, sentence] : [word, sentence];
  const head = element(
    'div',
    { class: 'head', role: 'alert' },
    icon(tone),
    element('div', {}, ...lines),
  );
  const made = element('article', { class: `card verdict ${tone}` }, head);
  const { verdict, reason, revocation } = result;
  Object.assign(made.dataset, { verdict, reason, revocation });
  const said = comparison(result, known);
  if (said) made.append(said, knowledge(result, known));
  return made;
}

/** @param {Result} result @param {{words: Words, at: Date}} known */
function comparison(result, { words, at }) {
  const { facts, photo, name } = told(result.claims, words, localDay(at));
  if (!facts.length) return null;
  const rows = facts.flatMap(({ label, value, language, question }, place) => [
    element('dt', {}, question ?? words.say(label)),
    element(
      'dd',
      place === 0 && name ? { class: 'first' } : {},
      element('bdi', language ? { lang: language } : {}, value),
    ),
  ]);
  const beside = element('div', { class: 'compare' }, element('dl', { class: 'facts' }, ...rows));
  const type = photo && stillType(photo);
  if (photo && type) {
    const source = `data:${type};base64,${toBase64(photo)}`;
    beside.prepend(element('img', { src: source, alt: words.say('photo') }));
  }
  const vouched = result.verdict === 'valid' || result.verdict === 'expired';
  const note = element('p', { class: 'caption' }, words.say(vouched ? 'holder_note' : 'unvouched'));
  return element('div', { class: 'said' }, element('h3', {}, words.say('compare')), note, beside);
}

/**
 * How old the trust is, whether withdrawal was looked up, and whether newer trust would say more.
 * @param {Result} result
 * @param {{words: Words, trust: Trust, at: Date}} known
 */
function knowledge(result, { words, trust, at }) {
  const sentences = [age(trust, words, at)];
  sentences.push(words.say(result.revocation === 'checked' ? 'looked_up' : 'not_known'));
  if (result.verdict === 'unknown_key' || isOld(trust, at)) sentences.push(words.say('old_list'));
  return element('p', { class: 'caption known' }, sentences.join(' '));
}

/** @param {Trust} trust @param {Words} words @param {Date} at */
function age(trust, words, at) {
  const days = trust.ageDays(at.getTime() / 1000);
  if (days === null) return words.say('no_list');
  return days === 0 ? words.say('list_today') : words.count('list_age', days);
}

/** @param {Trust} trust @param {Date} at */
function isOld(trust, at) {
  return (trust.ageDays(at.getTime() / 1000) ?? 0) > OLD_LIST;
}

/**
 * What the page trusts, for the foot of it.
 * @param {Trust} trust
 * @param {Words} words
 * @param {Date} now
 */
export function trusted(trust, words, now) {
  const paragraph = (/** @type {string} */ text, kind = '') =>
    element('p', kind ? { class: kind } : {}, text);
  const keys = words.count('keys', trust.keys.length);
  const today = paragraph(words.say('today_is', { date: words.day(localDay(now)) }), 'caption');
  const signed = trust.issuedAt === null ? null : dayOf(trust.issuedAt);
  if (signed === null || trust.root === null) {
    return [paragraph(words.say('set_note')), paragraph(keys, 'caption'), today];
  }
  const list = words.say('list_of', { number: String(trust.number), date: words.day(signed) });
  const groups = trust.root.match(/.{4}/g) ?? [];
  const newer = isOld(trust, now) ? [words.say('old_list')] : [];
  return [
    paragraph(list),
    paragraph([age(trust, words, now), ...newer, keys].join(' '), 'caption'),
    paragraph(words.say('root')),
    element('p', { class: 'fingerprint', id: 'root' }, groups.join(' ')),
    paragraph(words.say('root_note'), 'caption'),
    today,
  ];
}
