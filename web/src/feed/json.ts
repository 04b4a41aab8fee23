/** JSON text as logs hold it and as hashes are taken over it. */

import { DamagedLine, damaged, number } from './shape';

const DEPTH = 8;
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** A number with an exponent, zeros behind its decimals, a minus before 0 or too many digits. */
const ODD_NUMBER = /\d[eE]|\.\d*0(?!\d)|\.\d{5}|-0(?![.\d])|\d{17}/;

/** Like JSON.parse, but refuses what logs must not hold: a key twice, more than 8 levels. */
export function parse(line: string): unknown {
  const value = parsed(line);
  // A repeated key leaves fewer fields than the text has colons; the last one would win in silence.
  if (colons(line) !== fields(value, 1)) damaged('line', 'each key once', line);
  return value;
}

/**
 * Refuses numbers that are written in another way than logs write them: 21.0 for 21.
 * Once parsed they look alike here, but not in other languages, and the hashes would differ.
 */
export function checkNumbers(line: string, value: unknown): void {
  if (ODD_NUMBER.test(line.replace(STRINGS, '')))
    damaged('line', 'numbers as logs write them', line);
  checkExact(value);
}

function checkExact(value: unknown): void {
  if (typeof value === 'number') number(value, 'a number of the line');
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkExact);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new DamagedLine('line', 'JSON', String(error));
  }
}

function colons(line: string): number {
  return line.replace(STRINGS, '').split(':').length - 1;
}

function fields(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEPTH) throw new DamagedLine('line', `at most ${DEPTH} levels`, 'more');
  const items: unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : items.length;
  return items.reduce<number>((sum, item) => sum + fields(item, depth + 1), own);
}

/** JSON with keys sorted at every level and no blanks: the same text in every language. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`);
  return `{${pairs.join(',')}}`;
}
