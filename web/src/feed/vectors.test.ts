/** The vectors shared with the Python fold: one text of the state after each event, in both. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { apply } from './apply';
import { decode } from './decode';
import { stateHash } from './hash.testing';
import { canonical, fromJson, type State, start, toJson } from './state';

type Vector = {
  readonly name: string;
  readonly start: unknown;
  readonly steps: readonly (readonly [line: string, hash: string])[];
};

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../tests/vectors', import.meta.url));

function files(): string[] {
  try {
    return readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
}

function vectors(path: string): Vector[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line): Vector => JSON.parse(line));
}

function replay(vector: Vector): void {
  let place = 'its start';
  try {
    let state = vector.start === null ? start() : fromJson(vector.start);
    for (const [index, [line, hash]] of vector.steps.entries()) {
      place = `step ${index + 1}`;
      state = apply(state, decode(line));
      checkHash(state, hash);
    }
    place = 'its end, written and read again';
    checkRoundTrip(state);
  } catch (error) {
    throw new Error(`vector ${vector.name}, ${place}: ${String(error)}`, { cause: error });
  }
}

function checkHash(state: State, expected: string): void {
  const came = stateHash(state);
  if (came === expected) return;
  throw new Error(`expected hash ${expected}, came ${came} of ${canonical(state)}`);
}

function checkRoundTrip(state: State): void {
  const again = canonical(fromJson(JSON.parse(JSON.stringify(toJson(state)))));
  if (again !== canonical(state)) throw new Error(`expected ${canonical(state)}, came ${again}`);
}

test('the folder of vectors holds vector files', () => {
  expect(files(), `vector files in ${FOLDER}`).not.toEqual([]);
});

for (const file of files()) {
  test(`vector file ${file}`, { timeout: 60_000 }, () => {
    for (const vector of vectors(join(FOLDER, file))) replay(vector);
  });
}
