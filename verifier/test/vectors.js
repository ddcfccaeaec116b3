/** What the program answers, written by `tests/verifier/make_vectors.py`. */

import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../tests/vectors/verifier/', import.meta.url);

/** @param {string} name @returns {any} */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
}
