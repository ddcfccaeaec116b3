/**
 * Answers what is asked on standard input, as the page would: one JSON object, `{trusts, cases}` as in
 * `tests/vectors/verifier/verdicts.json`. For `tests/verifier/test_verifier_mutations.py`.
 */

import { readFileSync } from 'node:fs';

import { judge } from '../src/judge.js';
import { trustOf } from '../src/trust.js';

const { trusts, cases } = JSON.parse(readFileSync(0, 'utf8'));
const known = new Map(Object.entries(trusts).map(([name, written]) => [name, trustOf(written)]));

/** @type {(one: {text: string, trust: string, at: number}) => string[]} */
const answer = ({ text, trust, at }) => {
  const list = known.get(trust);
  if (!list) throw new Error(`no trust called ${trust}`);
  const { verdict, reason, revocation } = judge(text, list, at);
  return [verdict, reason, revocation];
};
console.log(JSON.stringify(cases.map(answer)));
