/** Rows by car, and numbers divided as Python divides them. */

import type { Lap } from './rows';

/** The laps of each car in their order; cars in the order of their first rows. */
export function lapsByCar(laps: readonly Lap[]): Map<string, Lap[]> {
  const found = groupedBy(laps, (lap) => lap.car);
  for (const each of found.values()) each.sort((a, b) => a.lap - b.lap);
  return found;
}

/** Rows by a key, keys and rows in the order in which they come. */
export function groupedBy<Key, Row>(rows: Iterable<Row>, key: (row: Row) => Key): Map<Key, Row[]> {
  const found = new Map<Key, Row[]>();
  for (const row of rows) {
    const known = found.get(key(row));
    if (known) known.push(row);
    else found.set(key(row), [row]);
  }
  return found;
}

/** A mean of integers, rounded half up; null of none. */
export function divided(total: number, count: number): number | null {
  return exactly(BigInt(total), BigInt(count));
}

/** A share to four decimals, rounded half up; null of nothing. */
export function share(part: number, total: number): number | null {
  // Microseconds of some days times 10,000 are more than a number holds exactly.
  const tenThousandths = exactly(BigInt(part) * 10_000n, BigInt(total));
  return tenThousandths === null ? null : tenThousandths / 10_000;
}

function exactly(total: bigint, count: bigint): number | null {
  if (count === 0n) return null;
  const [above, below] = [2n * total + count, 2n * count];
  const rest = ((above % below) + below) % below;
  return Number((above - rest) / below);
}

/** The shortest of some times, of which some are not known. */
export function best(times: Iterable<number | null>): number | null {
  let found: number | null = null;
  for (const time of times) {
    if (time !== null && (found === null || time < found)) found = time;
  }
  return found;
}

export function sum(numbers: Iterable<number | null>): number {
  let total = 0;
  for (const number of numbers) total += number ?? 0;
  return total;
}
