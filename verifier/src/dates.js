/**
 * Gregorian dates as people know them: EDTF (ISO 8601-2) of levels 0 and 1, as `values/dates.py` reads
 * them, and the days on which documents end. A day is `[year, month, day]`.
 *
 * @typedef {[number, number, number]} Day
 * @typedef {{
 *   earliest: Day, latest: Day, approximate: boolean,
 *   precision: 'day' | 'month' | 'year' | 'decade' | 'range',
 * }} PartialDate
 */

const EDTF = /^(?:(\d{3})X|(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(~)?)$/;
const INTERVAL = /^(\d{4}-\d\d-\d\d)(~?)\/(\d{4}-\d\d-\d\d)\2$/;
const LAST_YEAR = 9999;

/**
 * What a text in EDTF says, or null when it says nothing that exists.
 * @param {string} edtf
 * @returns {PartialDate | null}
 */
export function partialDate(edtf) {
  const interval = INTERVAL.exec(edtf);
  if (interval) {
    const [first, last] = [partialDate(interval[1]), partialDate(interval[3])];
    if (!first || !last || compare(first.earliest, last.latest) > 0) return null;
    const approximate = interval[2] === '~';
    return { earliest: first.earliest, latest: last.latest, approximate, precision: 'range' };
  }
  const said = EDTF.exec(edtf);
  if (!said) return null;
  if (said[1]) {
    const first = Number(said[1]) * 10;
    const earliest = /** @type {Day} */ ([Math.max(first, 1), 1, 1]);
    return { earliest, latest: [first + 9, 12, 31], approximate: false, precision: 'decade' };
  }
  return ofParts(Number(said[2]), said[3], said[4], said[5] === '~');
}

/**
 * @param {number} year
 * @param {string | undefined} monthSaid
 * @param {string | undefined} daySaid
 * @param {boolean} approximate
 * @returns {PartialDate | null}
 */
function ofParts(year, monthSaid, daySaid, approximate) {
  if (year < 1) return null;
  if (monthSaid === undefined) {
    return { earliest: [year, 1, 1], latest: [year, 12, 31], approximate, precision: 'year' };
  }
  const month = Number(monthSaid);
  if (month < 1 || month > 12) return null;
  const length = daysInMonth(year, month);
  if (daySaid === undefined) {
    const latest = /** @type {Day} */ ([year, month, length]);
    return { earliest: [year, month, 1], latest, approximate, precision: 'month' };
  }
  const day = Number(daySaid);
  if (day < 1 || day > length) return null;
  return {
    earliest: [year, month, day],
    latest: [year, month, day],
    approximate,
    precision: 'day',
  };
}

/** @param {number} year @param {number} month */
function daysInMonth(year, month) {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** @param {Day} one @param {Day} other */
export function compare(one, other) {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2];
}

/** Days from one day to another. @param {Day} from @param {Day} to */
export function daysBetween(from, to) {
  return (moment(to) - moment(from)) / 86_400_000;
}

/** @param {Day} day */
function moment([year, month, day]) {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day); // Date.UTC takes the years below 100 for 19xx
  return at.getTime();
}

/** Completed years on a day; 0 for whoever is born after it. @param {Day} born @param {Day} on */
export function completedYears(born, on) {
  const years = on[0] - born[0];
  const before = on[1] < born[1] || (on[1] === born[1] && on[2] < born[2]);
  return Math.max(0, before ? years - 1 : years);
}

/**
 * The day, in UTC, of a moment in seconds since 1970; null outside the years 1 to 9999.
 * @param {number} seconds
 * @returns {Day | null}
 */
export function dayOf(seconds) {
  const at = new Date(seconds * 1000);
  const year = at.getUTCFullYear();
  if (!(year >= 1 && year <= LAST_YEAR)) return null;
  return [year, at.getUTCMonth() + 1, at.getUTCDate()];
}

/**
 * The last day of a document that ends at a moment: ours end twelve hours after midnight UTC of their
 * last day, when that day is over everywhere; others end at the last second before.
 * @param {number} seconds
 */
export function lastDay(seconds) {
  if (dayOf(seconds) === null) return null;
  const ofDay = ((Math.floor(seconds) % 86_400) + 86_400) % 86_400;
  return dayOf(ofDay === 12 * 3600 ? seconds - 36 * 3600 : seconds - 1);
}

/** The day where this device is. @param {Date} now @returns {Day} */
export function localDay(now) {
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()];
}
