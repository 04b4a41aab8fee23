import { expect, test } from 'vitest';
import { fromJson, type State } from '../feed/state';
import type { Room } from '../shell/room';
import { columnsOf } from './columns';

const VALUES = { text: 'x', number: 1, time: 1, gap: 1, speed: 1, class: 'GT', state: 'run' };
type Type = keyof typeof VALUES;

function session(
  columns: readonly (readonly [string, Type])[],
  empty: readonly string[] = [],
): State {
  const cells = columns
    .filter(([id]) => !empty.includes(id))
    .map(([id, type]) => [id, VALUES[type]]);
  return fromJson({
    described: {
      ...{ session: '0'.repeat(32), name: 'A', description: 'B', class: 'demo', key: null },
      ...{ kind: 'race', track: [], hidden: false, do_not_record: false, analysis: true, rate: 1 },
      columns: columns.map(([id, type]) => ({ id, type, title: id })),
      versions: { livetiming: '0.1.0' },
    },
    session: {},
    cars: [{ id: '7', ...Object.fromEntries(cells) }, { id: '8' }],
    ...{ messages: [], feed: null, closed: null, writer: 1 },
  });
}

const ids = (state: State, room: Room = 'wide') => columnsOf(state, room).map(({ id }) => id);

test('columns come in one order, whatever order the provider has', () => {
  const columns = [
    ...([
      ['best', 'time'],
      ['gap', 'gap'],
      ['s2', 'time'],
      ['num', 'text'],
    ] as const),
    ...([
      ['s1', 'time'],
      ['driver', 'text'],
      ['pits', 'number'],
      ['class', 'class'],
    ] as const),
  ];
  const inOrder = ['num', 'class', 'driver', 'gap', 'best', 's1', 's2', 'pits'];
  expect(ids(session(columns))).toEqual(inOrder);
  expect(ids(session(columns.toReversed()))).toEqual(inOrder);
});

test('columns that only this provider has come last and keep its order', () => {
  const columns = [
    ['zeal', 'number'],
    ['num', 'text'],
    ['ardour', 'number'],
  ] as const;
  expect(ids(session(columns))).toEqual(['num', 'zeal', 'ardour']);
});

test('a column that is empty for every car is not shown', () => {
  const columns = [
    ['num', 'text'],
    ['tyre', 'text'],
    ['last', 'time'],
  ] as const;
  expect(ids(session(columns, ['tyre']))).toEqual(['num', 'last']);
});

test('a session that is not described has no columns', () => {
  expect(columnsOf({ ...session([]), described: null }, 'wide')).toEqual([]);
});

test('where there is less room, what one can do without is at the far end', () => {
  const columns = [
    ...([
      ['num', 'text'],
      ['pic', 'number'],
      ['driver', 'text'],
      ['team', 'text'],
    ] as const),
    ...([
      ['laps', 'number'],
      ['gap', 'gap'],
      ['last', 'time'],
    ] as const),
  ];
  const state = session(columns);
  expect(ids(state, 'wide')).toEqual(['num', 'pic', 'driver', 'team', 'laps', 'gap', 'last']);
  expect(ids(state, 'medium')).toEqual(['num', 'pic', 'driver', 'laps', 'gap', 'last', 'team']);
  expect(ids(state, 'narrow')).toEqual(['num', 'driver', 'gap', 'last', 'pic', 'laps', 'team']);
});

test('a team takes the place of the driver where no driver is told', () => {
  const state = session([
    ['num', 'text'],
    ['laps', 'number'],
    ['team', 'text'],
  ]);
  for (const room of ['wide', 'medium', 'narrow'] as const) {
    expect(ids(state, room)).toEqual(['num', 'team', 'laps']);
  }
});
