/**
 * The aggregates by name: pure functions of the base rows that hold at an instant, and of it.
 *
 * Each of them exists in Python too, and both pass the vectors in tests/vectors/analysis.
 */

import { bests } from './bests';
import { carStates } from './car_states';
import { classification } from './classification';
import { drivers } from './drivers';
import { flagShares } from './flag_shares';
import { gaps } from './gaps';
import { predictions } from './predictions';
import type { AggregateRows } from './rows';
import { stints } from './stints';
import type { Holding } from './tables';
import { theoretical } from './theoretical';

export const AGGREGATES: {
  readonly [T in keyof AggregateRows]: (base: Holding, at: number) => readonly AggregateRows[T][];
} = {
  stints,
  drivers,
  flag_shares: flagShares,
  classification,
  bests,
  theoretical,
  gaps,
  car_states: carStates,
  predictions,
};
