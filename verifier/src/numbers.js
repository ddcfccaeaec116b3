/** The number of a blank form, all that its code holds: `values/numbers.py`. */

const SEPARATORS = /[\s\-\u2010-\u2015\u2212./\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const SHEET = /^[A-Z]{3}[A-Z]{1,5}[0-9]{0,4}[34679ACDEFGHJKMNPQRTWY]{3}F([0-9]{5,7})[0-9]{2}$/;
const MOST = 60;

/** @param {string} text */
export function isBlank(text) {
  if (text.length > MOST) return false;
  const number = text.replace(SEPARATORS, '').toUpperCase();
  const counter = SHEET.exec(number)?.[1];
  return counter !== undefined && counter === canonical(counter) && checks(number);
}

/** @param {string} counter */
function canonical(counter) {
  return String(Number(counter)).padStart(5, '0');
}

/** ISO 7064, MOD 97-10: letters count from 10. @param {string} number */
function checks(number) {
  let rest = 0;
  for (const letter of number) {
    for (const digit of String(parseInt(letter, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}
