/**
 * The aggregates by name: pure functions of the base rows that hold at an instant, and of it.
 *
 * Each of them exists in Python too, and both pass the vectors in tests/vectors/analysis.
 */

import { drivers } from './drivers';
import type { AggregateRows } from './rows';
import { stints } from './stints';
import type { Holding } from './tables';

export const AGGREGATES: {
  readonly [T in keyof AggregateRows]: (base: Holding, at: number) => readonly AggregateRows[T][];
} = { stints, drivers };
