import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DamagedLine } from '../feed/shape';
import { columnsOf } from './columns';
import { readDocument, readPage, takePage, takeUpdate } from './reading';
import { BASE, type CarStateRow } from './rows';
import { BASE_NAMES, type BaseName, Tables } from './tables';

type Row = readonly unknown[];
type Update = Readonly<Record<string, readonly (readonly [number, Row])[]>>;
type Told = { readonly columns: readonly string[]; readonly rows: readonly Row[] };
type Vector = {
  readonly document: { readonly tables: Readonly<Record<BaseName, Told>> };
  readonly updates: readonly (readonly [at: number, update: Update])[];
};

const PATH = fileURLToPath(
  new URL('../../../tests/vectors/analysis/crossings.jsonl', import.meta.url),
);
const RACE: Vector = JSON.parse(readFileSync(PATH, 'utf8'));
const WHOLE = readDocument(RACE.document).tables;
const STATES = columnsOf(BASE.states);

/** A page of a table as a service would write it. */
function answer(
  table: string,
  rows: readonly Row[],
  first = 0,
  columns: readonly string[] = STATES,
) {
  const next_row = first + rows.length;
  return JSON.stringify({ writer: 1, seq: 9, version: 1, table, columns, rows, next_row });
}

function pages(size: number): string[] {
  return BASE_NAMES.flatMap((name) => {
    const { columns, rows } = RACE.document.tables[name];
    const firsts = rows.map((_, row) => row).filter((row) => row % size === 0);
    return firsts.map((first) => answer(name, rows.slice(first, first + size), first, columns));
  });
}

function takenPages(tables: Tables, texts: readonly unknown[]): Tables {
  for (const text of texts) takePage(tables, readPage(text));
  return tables;
}

function held(tables: Tables): unknown {
  return BASE_NAMES.map((name) => [...tables.base[name].rows]);
}

function states(...rows: readonly Row[]): Tables {
  return takenPages(new Tables(), [answer('states', rows)]);
}

function cars(tables: Tables, at: number | null): string[] {
  return tables.at(at).states.map((row) => row.car);
}

test('pages of any size make what the whole document makes', () => {
  for (const size of [1, 7, 1000]) {
    expect(held(takenPages(new Tables(), pages(size)))).toEqual(held(WHOLE));
  }
});

test('pages and updates in any order, and more than once, make the same', () => {
  const updates = RACE.updates.map(([, update]) => JSON.stringify(update));
  const tables = new Tables();
  for (const update of updates.toReversed()) takeUpdate(tables, update);
  expect(held(tables)).toEqual(held(WHOLE));
  takenPages(tables, pages(5).toReversed());
  for (const update of updates) takeUpdate(tables, update);
  expect(held(tables)).toEqual(held(WHOLE));
  for (const [at] of RACE.updates) expect(tables.at(at)).toEqual(WHOLE.at(at));
});

test('who joins in the middle and hears updates while asking for pages has everything', () => {
  const middle = RACE.updates.length / 2;
  const updates = RACE.updates.map(([, update]) => JSON.stringify(update));
  const joined = new Tables();
  for (const update of updates.slice(middle)) takeUpdate(joined, update);
  const before = new Tables();
  for (const update of updates.slice(0, middle)) takeUpdate(before, update);
  for (const name of BASE_NAMES) {
    const rows = [...before.base[name].rows.values()];
    const told = rows.map(({ row, known_at, withdrawn_at }) => [
      ...Object.values(row),
      known_at,
      withdrawn_at,
    ]);
    takenPages(joined, [answer(name, told, 0, columnsOf(BASE[name]))]);
  }
  expect(held(joined)).toEqual(held(WHOLE));
});

test('a row holds from the instant at which it was known until it was withdrawn', () => {
  const tables = states(['7', 'run', 5, 10, 20], ['8', null, 5, 20, null]);
  expect([9, 10, 19, 20, null].map((at) => cars(tables, at))).toEqual([
    [],
    ['7'],
    ['7'],
    ['8'],
    ['8'],
  ]);
});

test('a withdrawn row is not brought back by an answer that is older', () => {
  const tables = states();
  takeUpdate(tables, JSON.stringify({ states: [[0, ['7', 'run', 5, 10, 20]]] }));
  takenPages(tables, [answer('states', [['7', 'run', 5, 10, null]])]);
  expect(cars(tables, null)).toEqual([]);
});

test('the first row that has not come is the one to ask for next', () => {
  const tables = states(['7', 'run', 5, 10, null]);
  expect(tables.base.states.missing).toBe(1);
  takeUpdate(tables, JSON.stringify({ states: [[2, ['9', 'run', 5, 30, null]]] }));
  expect(tables.base.states.missing).toBe(1);
  takenPages(tables, [answer('states', [['8', 'run', 5, 20, null]], 1)]);
  expect(tables.base.states.missing).toBe(3);
  expect(cars(tables, null)).toEqual(['7', '8', '9']);
});

test('columns are found by their names, and those of a newer service are left behind', () => {
  const columns = ['at', 'weather', 'car', 'withdrawn_at', 'known_at', 'state'];
  const tables = takenPages(new Tables(), [
    answer('states', [[5, 'wet', '7', null, 10, 'run']], 0, columns),
  ]);
  takeUpdate(tables, JSON.stringify({ states: [[1, [6, 'dry', '8', null, 11, 'pit']]], later: 1 }));
  const expected: CarStateRow[] = [
    { car: '7', state: 'run', at: 5 },
    { car: '8', state: 'pit', at: 6 },
  ];
  expect(tables.at(null).states).toEqual(expected);
});

test('the document says of which session it is, until when, and by which version', () => {
  const source = { session: '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b', seq: 4, chain: '0123456789abcdef' };
  const document = { ...RACE.document, analysis: 3, source: { ...source, at: 1781445600000 } };
  const { version, source: read } = readDocument(document);
  expect({ version, ...read }).toEqual({ version: 3, ...source, at: 1781445600000 });
});

test('a document without one of the base tables is damaged', () => {
  const { laps: _, ...tables } = RACE.document.tables;
  expect(() => readDocument({ ...RACE.document, tables })).toThrow(
    'tables.laps: expected an object',
  );
});

test('a cell of another type is damaged, and says where', () => {
  const page = readPage(
    answer('states', [
      ['7', 'run', 5, 10, null],
      ['8', 'run', '6', 10, null],
    ]),
  );
  const tables = new Tables();
  expect(() => takePage(tables, page)).toThrow('states[1].at: expected an integer, came "6"');
  expect(tables.base.states.rows.size).toBe(0);
});

test('an update of which a part is damaged is not taken at all', () => {
  const tables = states();
  const update = { lengths: [[0, [1, null, null, null, null, 1, null]]], states: [[0, ['7']]] };
  expect(() => takeUpdate(tables, JSON.stringify(update))).toThrow(DamagedLine);
  expect(tables.base.lengths.rows.size).toBe(0);
});

test.each([
  ['no text', 1],
  ['no JSON', '{'],
  ['a table that is not a base table', answer('stints', [])],
  ['a row with more cells than columns', answer('states', [['7', 'run', 5, 10, null, 1]])],
  ['a row before the first', answer('states', [['7', 'run', 5, 10, null]], -1)],
])('an answer is refused that is %s', (_, text) => {
  expect(() => takenPages(new Tables(), [text])).toThrow(DamagedLine);
});

test.each([
  ['a number before the first', { states: [[-1, ['7', 'run', 5, 10, null]]] }],
  ['a row without its number', { states: [['7', 'run', 5, 10, null]] }],
  ['more than a number and a row', { states: [[0, ['7', 'run', 5, 10, null], 1]] }],
  ['a table that is no list', { states: {} }],
  ['no tables', []],
])('an update is refused that has %s', (_, update) => {
  expect(() => takeUpdate(new Tables(), JSON.stringify(update))).toThrow(DamagedLine);
});

test('a column that is missing is named', () => {
  const page = readPage(answer('states', [], 0, ['car', 'at', 'known_at', 'withdrawn_at']));
  expect(() => takePage(new Tables(), page)).toThrow('states: expected a column state');
});
