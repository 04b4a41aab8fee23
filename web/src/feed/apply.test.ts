import { expect, test } from 'vitest';
import { apply, DamagedLog } from './apply';
import { decode } from './decode';
import { canonical, fromJson, type State, start, toJson } from './state';

/** Folds payloads of `changed` (or whole events, where they name their type) from the start. */
function fold(...payloads: readonly object[]): State {
  return payloads.reduce<State>(
    (state, payload, index) => apply(state, event(index + 1, payload)),
    start(),
  );
}

function event(seq: number, payload: object): ReturnType<typeof decode> {
  return decode(JSON.stringify({ seq, at: 1000 + seq, type: 'changed', ...payload }));
}

function grid(...ids: readonly string[]): object {
  return { cars: Object.fromEntries(ids.map((id) => [id, { num: id }])), order: [0, ids] };
}

test('cells are set, replaced, and taken away by null', () => {
  const state = fold(
    { cars: { 7: { num: '007', laps: 3, gap: { laps: 2 } } }, order: [0, ['7']] },
    { cars: { 7: { laps: 4, gap: null, best: [106542000, 'sb'] } } },
  );
  expect(toJson(state).cars).toEqual([{ id: '7', num: '007', laps: 4, best: [106542000, 'sb'] }]);
});

test('a null in a new car leaves no cell', () => {
  const state = fold({ cars: { 7: { laps: null } }, order: [0, ['7']] });
  expect(toJson(state).cars).toEqual([{ id: '7' }]);
});

test('session fields are set, replaced, and taken away by null', () => {
  const state = fold(
    { session: { flag: 'green', air: 21.5, laps: 3 } },
    { session: { flag: 'red', air: null } },
  );
  expect(toJson(state).session).toEqual({ flag: 'red', laps: 3 });
});

test('an order replaces the places from the first one it names', () => {
  const state = fold(grid('1', '2', '3', '4', '5'), { order: [1, ['4', '2', '3']] });
  expect(state.order).toEqual(['1', '4', '2', '3', '5']);
});

test('an order may run past the end where cars are new', () => {
  const state = fold(grid('1', '2'), { cars: { 3: {}, 4: {} }, order: [1, ['4', '2', '3']] });
  expect(state.order).toEqual(['1', '4', '2', '3']);
});

test('an order may begin right after the last car', () => {
  const state = fold(grid('1'), { cars: { 2: {} }, order: [1, ['2']] });
  expect(state.order).toEqual(['1', '2']);
});

test('the places close up behind removed cars before the order counts', () => {
  const state = fold(grid('1', '2', '3', '4'), { removed: ['2'], order: [1, ['4', '3']] });
  expect(state.order).toEqual(['1', '4', '3']);
});

test('the last cars can go without an order', () => {
  const state = fold(grid('1', '2'), { removed: ['2', '1'] });
  expect(toJson(state).cars).toEqual([]);
});

test('a car that comes, goes and comes back keeps nothing of before', () => {
  const state = fold(
    grid('7', '8'),
    { removed: ['7'] },
    { cars: { 7: { laps: 1 } }, order: [1, ['7']] },
  );
  expect(toJson(state).cars).toEqual([
    { id: '8', num: '8' },
    { id: '7', laps: 1 },
  ]);
});

test('a car removed and named in one event starts anew', () => {
  const state = fold(grid('7'), { removed: ['7'], cars: { 7: { laps: 1 } }, order: [0, ['7']] });
  expect(toJson(state).cars).toEqual([{ id: '7', laps: 1 }]);
});

test('ids keep their places however JavaScript would list them as keys', () => {
  const ids = ['ü', '007', '4294967295', '7', '10', '4294967294', '7~2'];
  const state = fold(grid(...ids));
  expect(state.order).toEqual(ids);
  expect(canonical(fromJson(JSON.parse(JSON.stringify(toJson(state)))))).toBe(canonical(state));
});

test('names that objects inherit are ordinary cars', () => {
  const ids = ['toString', 'hasOwnProperty', '__defineGetter__', 'valueOf'];
  const state = fold(grid(...ids), { cars: { valueOf: { num: null } } });
  expect(toJson(state).cars.map((car) => car.id)).toEqual(ids);
  expect(toJson(state).cars.at(-1)).toEqual({ id: 'valueOf' });
  expect(Object.hasOwn({}, 'num')).toBe(false);
});

test.each([
  ['removes a car nobody knows', { removed: ['9'] }],
  ['removes a car twice', { removed: ['1', '1'] }],
  ['brings a car without a place', { cars: { 9: {} } }],
  ['exchanges a car without an order', { removed: ['2'], cars: { 9: {} } }],
  ['gives one car two places', { order: [0, ['1', '1']] }],
  ['gives a place to a car nobody knows', { order: [1, ['9']] }],
  ['leaves a gap before its order', { cars: { 9: {} }, order: [3, ['9']] }],
])('a log is damaged where an event %s', (_, payload) => {
  expect(() => fold(grid('1', '2'), payload)).toThrow(DamagedLog);
});

test('a damaged log says which event, what was expected and what came', () => {
  expect(() => fold(grid('1', '2'), { order: [1, ['1']] })).toThrow(
    'event 2: expected an order of each car once, came 1 1',
  );
});

const DESCRIBED = {
  type: 'described',
  session: '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b',
  name: 'WEC',
  description: 'Race',
  class: 'rmonitor',
  key: null,
  kind: 'race',
  columns: [{ id: 'num', type: 'text', title: 'Num' }],
  track: [],
  hidden: false,
  do_not_record: false,
  analysis: true,
  rate: 1,
  versions: { livetiming: '0.1.0' },
};

test('a description replaces the whole earlier one and keeps the cells', () => {
  const state = fold({ ...DESCRIBED, venue: 'Spa' }, grid('1'), { ...DESCRIBED, columns: [] });
  const { type: _, ...described } = DESCRIBED;
  expect(state.described).toEqual({ ...described, columns: [] });
  expect(toJson(state).cars).toEqual([{ id: '1', num: '1' }]);
});

test('the writer is the one that opened the log until another resumes it', () => {
  const opened = [{ ...DESCRIBED, writer: 5 }, DESCRIBED];
  const resumed = { type: 'feed', status: 'resumed', writer: 9, previous: [5, 2], adopted: 0 };
  expect(fold(...opened).writer).toBe(5);
  expect(fold(...opened, resumed).writer).toBe(9);
});

test('fields the schema does not name never reach the state', () => {
  const x = { x: { y: 1 } };
  const state = fold(
    {
      ...DESCRIBED,
      ...x,
      source_at: 1,
      writer: 2,
      columns: [{ id: 'num', type: 'text', title: 'Num', ...x }],
      track: [{ id: 'air', type: 'number', title: 'Air', ...x }],
      attribution: { text: 'them', ...x },
      versions: { livetiming: '0.1.0', plugin: '2', ...x },
    },
    {
      ...x,
      session: { elapsed: { value_us: 1, at: 2, runs: true, ...x } },
    },
    { type: 'posted', source_at: 1, category: 'c', text: 't', origin: 'provider', ...x },
    { type: 'feed', status: 'stale', ...x },
    { type: 'closed', reason: 'moved', ...x },
  );
  expect(canonical(state)).not.toContain('"x"');
  expect(canonical(state)).not.toContain('source_at');
});

test('an event of an unknown type folds to nothing', () => {
  const known = [{ ...DESCRIBED }, grid('1')];
  const unknown = { type: 'weather', cars: { 2: {} }, writer: 3, status: 'resumed' };
  expect(canonical(fold(...known, unknown))).toBe(canonical(fold(...known)));
});

test('the last hundred messages are kept, the oldest first', () => {
  const posts = Array.from({ length: 103 }, (_, place) => ({
    type: 'posted',
    category: 'Race control',
    text: `message ${place}`,
    origin: 'provider',
  }));
  const texts = fold(...posts).messages.map((message) => message.text);
  expect(texts).toHaveLength(100);
  expect(texts[0]).toBe('message 3');
  expect(texts.at(-1)).toBe('message 102');
});

test('a resumed feed opens a closed session again', () => {
  const state = fold(
    { type: 'closed', reason: 'stopped', next: DESCRIBED.session },
    { type: 'feed', status: 'resumed', writer: 9, previous: [5, 1], adopted: 3, reason: 'restart' },
  );
  expect(toJson(state)).toMatchObject({
    feed: { status: 'resumed', at: 1002, reason: 'restart' },
    closed: null,
    writer: 9,
  });
});

test('a feed that is only live or lost leaves a session closed', () => {
  const closed = { type: 'closed', reason: 'finished' };
  const state = fold(closed, { type: 'feed', status: 'lost', reason: 'timeout' });
  expect(toJson(state).closed).toEqual({ at: 1001, reason: 'finished' });
  expect(toJson(state).feed).toEqual({ status: 'lost', at: 1002, reason: 'timeout' });
});
