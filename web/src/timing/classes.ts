/** Which colour each class has: by its name's place among all, so that it keeps it. */

import type { State } from '../feed/state';
import { bareValue, cellText } from './formats';

export const HUES = 12;

export function huesOf({ described, cars }: State): ReadonlyMap<string, number> {
  const column = described?.columns.find(({ type }) => type === 'class');
  if (!column) return new Map();
  const names = new Set<string>();
  for (const cells of cars.values()) {
    const cell = cells.get(column.id);
    if (cell !== undefined) names.add(cellText(bareValue(cell), 'class'));
  }
  return new Map([...names].sort().map((name, place) => [name, place % HUES]));
}
