/** JSON text as logs hold it and as hashes are taken over it. */

import { DamagedLine, damaged } from './shape';

const DEPTH = 8;
const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/g;

/** Like JSON.parse, but refuses what logs must not hold: a key twice, more than 8 levels. */
export function parse(line: string): unknown {
  const value = parsed(line);
  // A repeated key leaves fewer fields than the text has colons; the last one would win in silence.
  if (colons(line) !== fields(value, 1)) damaged('line', 'each key once', line);
  return value;
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
