import { expect, test } from 'vitest';
import { canonical, fromJson, start, toJson } from './state';

const STATE = {
  described: null,
  session: { flag: 'green', elapsed: { value_us: 1, at: 2, runs: false }, air: 21.5 },
  cars: [
    { id: 'ü', num: '7', best: [106542000, 'sb'] },
    { id: '7', gap: { laps: 3 } },
    { id: '007' },
  ],
  messages: [{ at: 1, category: 'Pits', text: '"in"', style: 'pit', car: '7', origin: 'derived' }],
  feed: { status: 'stale', at: 3 },
  closed: { at: 4, reason: 'moved', next: '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b' },
  writer: 5,
};

test('a state is written as it was read, to the byte', () => {
  expect(JSON.stringify(toJson(fromJson(STATE)))).toBe(JSON.stringify(STATE));
});

test('the canonical text has sorted keys at every level, no blanks and raw characters', () => {
  const { session, cars } = STATE;
  expect(canonical(fromJson({ ...toJson(start()), session, cars }))).toBe(
    '{"cars":[{"best":[106542000,"sb"],"id":"ü","num":"7"},{"gap":{"laps":3},"id":"7"},{"id":"007"}],' +
      '"closed":null,"described":null,"feed":null,"messages":[],' +
      '"session":{"air":21.5,"elapsed":{"at":2,"runs":false,"value_us":1},"flag":"green"},"writer":null}',
  );
});

test('fields of a snapshot the schema does not name are left behind', () => {
  const state = fromJson({ ...STATE, x: 1, feed: { ...STATE.feed, x: 1 } });
  expect(canonical(state)).toBe(canonical(fromJson(STATE)));
});

test.each([
  ['is no object', [], 'state'],
  ['lacks a field', { ...STATE, writer: undefined }, 'state.writer'],
  ['has a car without an id', { ...STATE, cars: [{ num: '7' }] }, 'state.cars[0].id'],
  ['has a car twice', { ...STATE, cars: [{ id: '7' }, { id: '7' }] }, 'state.cars'],
  ['has a cell without a value', { ...STATE, cars: [{ id: '7', num: null }] }, 'state.cars[0].num'],
  [
    'has a session field without a value',
    { ...STATE, session: { air: null } },
    'state.session.air',
  ],
  ['has a car called __proto__', { ...STATE, cars: [{ id: '__proto__' }] }, 'state.cars[0].id'],
  [
    'sets the prototype of a car',
    { ...STATE, cars: [JSON.parse('{"id":"7","__proto__":{"num":"8"}}')] },
    'a key of state.cars[0]',
  ],
])('a snapshot that %s is refused', (_, json, field) => {
  expect(() => fromJson(json)).toThrow(expect.objectContaining({ name: 'DamagedLine', field }));
});
