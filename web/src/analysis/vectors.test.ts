/** The vectors shared with the Python aggregates: the same rows at each moment, in both. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AGGREGATES } from './aggregates';
import { readDocument, takeUpdate } from './reading';
import { AGGREGATE, type AggregateRows } from './rows';
import { BASE_NAMES, type BaseName, type Holding, Tables } from './tables';

type Name = keyof AggregateRows;

type Moment = {
  readonly at: number;
  readonly expected: Readonly<Record<string, readonly (readonly unknown[])[]>>;
};

type Told = { readonly columns: readonly string[]; readonly rows: readonly unknown[] };

type Vector = {
  readonly name: string;
  readonly document: unknown;
  readonly moments: readonly Moment[];
  readonly updates: readonly (readonly [at: number, update: unknown])[];
};

const FOLDER =
  process.env.VECTORS ?? fileURLToPath(new URL('../../../tests/vectors/analysis', import.meta.url));
const NAMES = Object.keys(AGGREGATES) as readonly Name[];

function files(form: '.json' | '.jsonl'): string[] {
  try {
    return readdirSync(FOLDER).filter((name) => name.endsWith(form));
  } catch {
    return [];
  }
}

function vectors(file: string): Vector[] {
  const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n').filter(Boolean);
  return lines.map((line): Vector => JSON.parse(line));
}

/** A vector of one moment, each of its tables with its columns. */
type Single = {
  readonly at: number;
  readonly base: Readonly<Record<BaseName, Told>>;
  readonly expected: Readonly<Record<Name, Told>>;
};

/** Rows in the order of our columns, which are those of Python. */
function rows(name: Name, base: Holding, at: number): unknown[][] {
  const columns = Object.keys(AGGREGATE[name]);
  return AGGREGATES[name](base, at).map((row) => {
    expect(Object.keys(row).sort(), `columns of ${name}`).toEqual([...columns].sort());
    const cells = new Map<string, unknown>(Object.entries(row));
    return columns.map((column) => cells.get(column));
  });
}

function checkMoments({ name, document, moments }: Vector): void {
  const { tables } = readDocument(document);
  for (const { at, expected } of moments) {
    expect(Object.keys(expected), name).toEqual(NAMES);
    const base = tables.at(at);
    for (const each of NAMES) {
      expect(rows(each, base, at), `${name}, ${each} at ${at}`).toEqual(expected[each]);
    }
  }
}

/** After each update the tables are what the whole document holds as of then. */
function checkUpdates({ name, document, updates }: Vector): void {
  const whole = readDocument(document).tables;
  const tables = new Tables();
  for (const [index, [at, update]] of updates.entries()) {
    takeUpdate(tables, JSON.stringify(update));
    // Several events may share an instant; as of then all of them are known.
    if (updates[index + 1]?.[0] !== at) {
      expect(tables.at(null), `${name} after update ${index}`).toEqual(whole.at(at));
    }
  }
  for (const each of BASE_NAMES) {
    expect(tables.base[each].rows, `${each} of ${name}`).toEqual(whole.base[each].rows);
  }
}

test('the folder of vectors holds vector files', () => {
  expect([...files('.json'), ...files('.jsonl')], `vector files in ${FOLDER}`).not.toEqual([]);
});

describe.each(files('.jsonl'))('vector file %s', (file) => {
  test(`aggregates of ${file}`, { timeout: 60_000 }, () => {
    for (const vector of vectors(file)) checkMoments(vector);
  });

  test(`updates of ${file}`, () => {
    for (const vector of vectors(file)) if (vector.updates.length > 0) checkUpdates(vector);
  });
});

for (const file of files('.json')) {
  test(`aggregates of ${file}`, () => {
    const { at, base, expected }: Single = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
    const tables = new Tables();
    for (const name of BASE_NAMES) tables.takeRows(name, base[name].columns, 0, base[name].rows);
    expect(Object.keys(expected)).toEqual(NAMES);
    for (const name of NAMES) {
      expect(expected[name].columns).toEqual(Object.keys(AGGREGATE[name]));
      expect(rows(name, tables.at(at), at), name).toEqual(expected[name].rows);
    }
  });
}
