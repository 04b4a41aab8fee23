/** Which were the fastest laps and sectors, overall and in each class? */

import type { Fastest, Lap } from './rows';
import type { Holding } from './tables';

const WHAT = ['lap', 's1', 's2', 's3'] as const;

type What = (typeof WHAT)[number];
type Best = Map<What, { readonly lap: Lap; readonly time_us: number }>;

/**
 * Whether a lap can be a best one.
 *
 * The first begins on the grid or at the pit exit; it counts only where the provider says so.
 */
export function counts(lap: Lap): boolean {
  const isMarked = lap.mark === 'pb' || lap.mark === 'sb';
  return lap.time_us !== null && lap.valid && (lap.lap > 1 || isMarked);
}

/**
 * What of a lap can be a best time: all of it where it counts, and its sectors.
 *
 * The first sector of a first lap begins on the grid.
 */
export function timed(lap: Lap): Readonly<Record<What, number | null>> {
  return {
    lap: counts(lap) ? lap.time_us : null,
    s1: lap.valid && lap.lap > 1 ? lap.s1_us : null,
    s2: lap.valid ? lap.s2_us : null,
    s3: lap.valid ? lap.s3_us : null,
  };
}

/** Of all, then of the classes as they came; of equals the first. */
export function bests(base: Holding): Fastest[] {
  const overall: Best = new Map();
  const byClass = new Map<string, Best>();
  for (const lap of base.laps) {
    offer(overall, lap);
    if (lap.class === null) continue;
    const best = byClass.get(lap.class) ?? new Map();
    byClass.set(lap.class, best);
    offer(best, lap);
  }
  return [...told(null, overall), ...[...byClass].flatMap(([name, best]) => told(name, best))];
}

function offer(best: Best, lap: Lap): void {
  const times = timed(lap);
  for (const what of WHAT) {
    const time_us = times[what];
    const known = best.get(what);
    if (time_us !== null && (!known || time_us < known.time_us)) best.set(what, { lap, time_us });
  }
}

function told(name: string | null, best: Best): Fastest[] {
  return WHAT.flatMap((what) => {
    const found = best.get(what);
    if (!found) return [];
    const { car, num, driver, lap, at } = found.lap;
    return [{ class: name, what, time_us: found.time_us, car, num, driver, lap, at }];
  });
}
