/** How many cars are doing what? */

import { CAR_STATES, type StateCount } from './rows';
import type { Holding } from './tables';

/** In the order in which states are listed; what no car does is left out. */
export function carStates(base: Holding): StateCount[] {
  const counts = new Map<string | null, number>();
  for (const { state } of base.states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return CAR_STATES.flatMap((state) => {
    const cars = counts.get(state);
    return cars === undefined ? [] : [{ state, cars }];
  });
}
