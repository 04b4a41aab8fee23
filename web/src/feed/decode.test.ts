import { expect, test } from 'vitest';
import { decode } from './decode';
import { DamagedLine } from './shape';

function line(fields: object): string {
  return JSON.stringify({ seq: 1, at: 2, ...fields });
}

function changed(fields: object): string {
  return line({ type: 'changed', ...fields });
}

function described(fields: object): string {
  return line({
    type: 'described',
    session: '0'.repeat(32),
    name: 'n',
    description: 'd',
    class: 'c',
    key: null,
    kind: 'race',
    columns: [],
    track: [],
    hidden: false,
    do_not_record: false,
    analysis: false,
    rate: 1,
    versions: { livetiming: '1' },
    ...fields,
  });
}

test('cells of every shape are read', () => {
  const cells = {
    num: '007',
    laps: 3,
    speed: 301.25,
    gap: { laps: 2 },
    last: [1, 'pb'],
    team: ['a', 'old'],
    int: [{ laps: 1 }, 'invalid'],
    best: null,
  };
  const event = decode(changed({ cars: { 7: cells } }));
  expect(event).toMatchObject({
    type: 'changed',
    cars: new Map([['7', new Map(Object.entries(cells))]]),
  });
});

test('an unknown type is kept with its place in the log and nothing else', () => {
  expect(decode(line({ type: 'weather', source_at: 'soon', rain: true }))).toEqual({
    type: 'unknown',
    seq: 1,
    at: 2,
  });
});

test('the types of other lines of a log are no events', () => {
  expect(() => decode('{"type":"mark","seq":2,"chain":"426a611298c70be7"}')).toThrow(DamagedLine);
});

test('a crossing is read with the laps it completes', () => {
  const passed = { type: 'passed', car: '40', line: 'finish', lap: 47, lap_us: 108230000 };
  expect(decode(line(passed))).toEqual({ seq: 1, at: 2, ...passed });
});

test('a refusal names the field, what was expected and what came', () => {
  const refused = changed({ cars: { 7: { last: [1, 'fast'] } } });
  expect(() => decode(refused)).toThrow(
    'cars.7.last[1]: expected one of pb sb old invalid, came "fast"',
  );
  expect(() => decode('{"seq":1,"type":"closed","reason":"moved"}')).toThrow(
    'at: expected an integer, came nothing',
  );
});

test.each([
  ['that is no JSON', '{"seq":1', 'line'],
  ['that is no object', '[1]', 'line'],
  ['without a type', line({}), 'type'],
  ['with a key twice', '{"seq":1,"at":2,"type":"x","a":":","\\"":1,"a":2}', 'line'],
  ['deeper than eight levels', line({ type: 'x', a: [[[[[[[[1]]]]]]]] }), 'line'],
  ['with a fraction for seq', line({ type: 'x', seq: 1.5 }), 'seq'],
  ['with seq 0', line({ type: 'x', seq: 0 }), 'seq'],
  ['with an instant past the safe integers', line({ type: 'x', at: 2 ** 53 }), 'at'],
  ['with an instant as text', line({ type: 'x', at: '2' }), 'at'],
  [
    'with null for a field it may leave out',
    line({ type: 'closed', reason: 'moved', next: null }),
    'next',
  ],
  ['that changes nothing', changed({}), 'changed'],
  ['with empty cars', changed({ cars: {} }), 'cars'],
  ['with an empty order', changed({ order: [0, []] }), 'order[1]'],
  ['with an order from before the first place', changed({ order: [-1, ['7']] }), 'order[0]'],
  ['with an order of numbers', changed({ order: [0, [7]] }), 'order[1][0]'],
  ['with a third item in order', changed({ order: [0, ['7'], 1] }), 'order'],
  ['with cars as a list', changed({ cars: [{}] }), 'cars'],
  ['with a boolean cell', changed({ cars: { 7: { num: true } } }), 'cars.7.num'],
  [
    'with an infinite cell',
    '{"seq":1,"at":2,"type":"changed","cars":{"7":{"laps":1e999}}}',
    'cars.7.laps',
  ],
  ['with five decimals', changed({ cars: { 7: { speed: 1.23456 } } }), 'cars.7.speed'],
  ['with a huge fraction', changed({ session: { air: 1e9 + 0.5 } }), 'session.air'],
  ['with a gap of no lap', changed({ cars: { 7: { gap: { laps: 0 } } } }), 'cars.7.gap.laps'],
  ['with a marked null', changed({ cars: { 7: { last: [null, 'pb'] } } }), 'cars.7.last[0]'],
  ['with half a surrogate pair', changed({ session: { flag: '\ud800' } }), 'session.flag'],
  [
    'with a clock that lacks a field',
    changed({ session: { elapsed: { at: 1, runs: true } } }),
    'session.elapsed.value_us',
  ],
  ['with a list as session value', changed({ session: { part: ['Q1', 'pb'] } }), 'session.part'],
  ['with an unknown kind', described({ kind: 'sprint' }), 'kind'],
  [
    'with an unknown column type',
    described({ columns: [{ id: 'a', type: 'html', title: 'A' }] }),
    'columns[0].type',
  ],
  ['with a foreign session id', described({ session: 'ABC' }), 'session'],
  ['with a text for a boolean', described({ hidden: 'no' }), 'hidden'],
  ['with attribution of no text', described({ attribution: {} }), 'attribution.text'],
  ['of a crossing without a car', line({ type: 'passed', line: 'finish' }), 'car'],
  ['with an unknown status', line({ type: 'feed', status: 'fine' }), 'status'],
  [
    'of a resumed feed with a writer in words',
    line({ type: 'feed', status: 'resumed', writer: 'me' }),
    'writer',
  ],
  [
    'with more than laps in a gap',
    changed({ cars: { 7: { gap: { laps: 1, us: 2 } } } }),
    'cars.7.gap',
  ],
  ['with its type before its number', '{"type":"x","seq":1,"at":2}', 'line'],
  ['with blanks before its number', '{ "seq":1,"at":2,"type":"x"}', 'line'],
  ['with an instant before 1970', line({ type: 'x', at: -1 }), 'at'],
  ['with 21.0 for 21', '{"seq":1,"at":2,"type":"changed","session":{"air":21.0}}', 'line'],
  ['with 2.50 for 2.5', '{"seq":1,"at":2,"type":"changed","session":{"air":2.50}}', 'line'],
  ['with an exponent', '{"seq":1,"at":2,"type":"changed","session":{"air":1e3}}', 'line'],
  ['with a zero below nothing', '{"seq":1,"at":2,"type":"changed","session":{"air":-0}}', 'line'],
  ['with 1.0 in a later field', '{"seq":1,"at":2,"type":"x","later":[1.0]}', 'line'],
  ['with 2^53 in a later field', line({ type: 'x', later: 2 ** 53 }), 'a number of the line'],
  ['over 64 KiB', line({ type: 'x', text: 'ü'.repeat(32 * 1024) }), 'line'],
  ['with an unknown reason', line({ type: 'closed', reason: 'bored' }), 'reason'],
])('a line %s is refused', (_, damaged, field) => {
  expect(() => decode(damaged)).toThrow(expect.objectContaining({ name: 'DamagedLine', field }));
});

test.each(['__proto__', 'constructor', 'prototype', '', 'x'.repeat(33)])(
  'the car id %j is refused',
  (id) => {
    expect(() =>
      decode(`{"seq":1,"at":2,"type":"changed","cars":{${JSON.stringify(id)}:{}}}`),
    ).toThrow(DamagedLine);
    expect(() => decode(changed({ removed: [id] }))).toThrow(DamagedLine);
  },
);

test.each(['__proto__', 'constructor', 'prototype', 'id', 'Num', '1st', ''])(
  'the column id %j is refused',
  (id) => {
    const cells = `{${JSON.stringify(id)}:1}`;
    const event = '{"seq":1,"at":2,"type":"changed"';
    expect(() => decode(`${event},"cars":{"7":${cells}}}`)).toThrow(DamagedLine);
    expect(() => decode(`${event},"session":${cells}}`)).toThrow(DamagedLine);
    expect(() => decode(described({ track: [{ id, type: 'text', title: '' }] }))).toThrow(
      DamagedLine,
    );
  },
);

test('a field that would set a prototype is ignored like any unknown one', () => {
  const event = decode(
    '{"seq":1,"at":2,"type":"closed","__proto__":{"reason":"moved"},"reason":"ended"}',
  );
  expect(event).toMatchObject({ type: 'closed', closed: { at: 2, reason: 'ended' } });
  expect(() => decode('{"seq":1,"at":2,"type":"closed","__proto__":{"reason":"moved"}}')).toThrow(
    DamagedLine,
  );
});

test('numbers inside texts are texts', () => {
  const text = 'lap 21.0, 1e3, -0, 1.23456, 12345678901234567890';
  expect(decode(changed({ session: { part: text } }))).toMatchObject({
    session: new Map([['part', text]]),
  });
});

test('a line of just 64 KiB is read', () => {
  const short = line({ type: 'x', text: '' });
  const fits = 'x'.repeat(64 * 1024 - short.length);
  expect(decode(line({ type: 'x', text: fits })).type).toBe('unknown');
});

test('a style that no one foresaw is read, since plugins write their own', () => {
  const posted = { type: 'posted', category: 'c', text: 't', style: 'loud', origin: 'derived' };
  expect(decode(line(posted))).toMatchObject({ message: { style: 'loud' } });
});

test('a car id of 32 characters outside the basic plane is read', () => {
  const id = '🏁'.repeat(32);
  expect(decode(changed({ removed: [id] }))).toMatchObject({ removed: [id] });
});
