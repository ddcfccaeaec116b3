/**
 * Base45 (RFC 9285), as strict as `documents/base45.py`: characters outside the alphabet, lengths
 * that no encoder produces and groups beyond their range are refused.
 */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** @type {Map<string, number>} */
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

/**
 * The bytes that the text stands for, or null when it is not Base45.
 * @param {string} text
 * @returns {Uint8Array | null}
 */
export function decode(text) {
  /** @type {number[]} */
  const values = [];
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) return null;
    values.push(value);
  }
  const rest = values.length % 3;
  if (rest === 1) return null;
  const whole = values.length - rest;
  const bytes = new Uint8Array((whole / 3) * 2 + (rest ? 1 : 0));
  let at = 0;
  for (let start = 0; start < whole; start += 3) {
    const number = values[start] + 45 * values[start + 1] + 2025 * values[start + 2];
    if (number > 0xffff) return null;
    bytes[at++] = number >> 8;
    bytes[at++] = number & 0xff;
  }
  if (rest) {
    const number = values[whole] + 45 * values[whole + 1];
    if (number > 0xff) return null;
    bytes[at] = number;
  }
  return bytes;
}
