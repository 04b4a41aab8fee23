/** Which columns the table has, in which order, and which of them may go where there is no room. */

import type { Column, ColumnType } from '../feed/model';
import type { State } from '../feed/state';
import type { Room } from '../shell/room';

const SECTORS = Array.from({ length: 9 }, (_, index) => `s${index + 1}`);
const BEST_SECTORS = SECTORS.map((id) => `b${id}`);

/** Who, what they are doing, where they are, how fast, with what. */
const WIDE: readonly string[] = [
  ...['num', 'class', 'pic', 'state', 'driver', 'team', 'car'],
  ...['laps', 'gap', 'int', 'class_gap', 'class_int', 'last', 'best'],
  ...SECTORS,
  ...['speed', 'tyre', 'tyre_age', 'tyre_stint', 'pits', 'p2p', 'best_speed'],
  ...BEST_SECTORS,
  'grid',
];

/** The same where the table is wider than its place: what one can do without is at the far end. */
const MEDIUM = [...WIDE.filter((id) => id !== 'team' && id !== 'car'), 'team', 'car'];

/** What a phone shows before anybody moves the table. */
const FIRST = ['num', 'class', 'state', 'driver', 'gap', 'last'];
const NARROW = [...FIRST, ...MEDIUM.filter((id) => !FIRST.includes(id))];

const ORDERS: Readonly<Record<Room, readonly string[]>> = {
  wide: WIDE,
  medium: MEDIUM,
  narrow: NARROW,
};

/** Columns that the table has, in order; what no car has a value in is left out. */
export function columnsOf({ described, cars }: State, room: Room): readonly Column[] {
  if (!described) return [];
  const filled = new Set([...cars.values()].flatMap((cells) => [...cells.keys()]));
  const columns = described.columns.filter(({ id }) => filled.has(id));
  const rank = ranking(columns, room);
  return columns.toSorted((a, b) => rank(a) - rank(b));
}

/** What this page does not know comes last; sorting leaves it in its provider's order. */
function ranking(columns: readonly Column[], room: Room): (column: Column) => number {
  const order = ORDERS[room];
  const whose = columns.some(({ id }) => id === 'driver') ? 'driver' : 'team';
  return ({ id }) => {
    const place = order.indexOf(id === whose ? 'driver' : id);
    return place < 0 ? order.length : place;
  };
}

const RIGHT: readonly ColumnType[] = ['number', 'time', 'gap', 'speed'];

/** Numbers stand at the right of their column, so that their digits are below each other. */
export function isRight(column: Column): boolean {
  return RIGHT.includes(column.type);
}
