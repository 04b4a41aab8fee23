/** How far behind the leader, and the leader of its class, was each car after each lap? */

import type { Gap, Position } from './rows';
import type { Holding } from './tables';

type Leading = { readonly first: Map<number, Position>; laps: number };

/**
 * One for each row of the positions, in their order.
 *
 * Laps behind are counted when the car ends its lap: how many more the leader of its class has
 * completed by then.
 */
export function gaps(base: Holding): Gap[] {
  const classes = new Map(base.entries.map((entry) => [entry.car, entry.class]));
  const leading = new Map<string, Leading>();
  return base.positions.map((row) => {
    const { lap, car, num, gap_us: leader_us, gap_laps: leader_laps } = row;
    const name = classes.get(car) ?? null;
    const behind = name === null ? UNKNOWN : inClass(leading, name, row);
    return { lap, car, num, leader_us, leader_laps, ...behind };
  });
}

type Behind = Pick<Gap, 'class_us' | 'class_laps'>;

const UNKNOWN: Behind = { class_us: null, class_laps: null };

function inClass(leading: Map<string, Leading>, name: string, row: Position): Behind {
  const leader = leading.get(name) ?? { first: new Map<number, Position>(), laps: 0 };
  leading.set(name, leader);
  const ahead = leader.first.get(row.lap) ?? row;
  leader.first.set(row.lap, ahead);
  leader.laps = Math.max(row.lap, leader.laps);
  return leader.laps > row.lap
    ? { class_us: null, class_laps: leader.laps - row.lap }
    : { class_us: between(ahead, row), class_laps: null };
}

/**
 * How far one car was behind another after the same lap, microseconds; negative where it was
 * before.
 *
 * By the gaps to the leader where the feed gave both, else by when they were seen to end it.
 */
export function between(ahead: Position, behind: Position): number {
  return ahead.gap_us !== null && behind.gap_us !== null
    ? behind.gap_us - ahead.gap_us
    : (behind.at - ahead.at) * 1000;
}
