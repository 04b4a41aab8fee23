/** How much of the session was under which flag? */

import { share } from './by_car';
import type { FlagShare } from './rows';
import type { Holding } from './tables';

/** In the order in which flags were shown first; of a period that goes on, as much as there is. */
export function flagShares(base: Holding, at: number): FlagShare[] {
  const leader = leaderLaps(base);
  const found = new Map<string, { laps: number; time_ms: number }>();
  for (const { flag, from_at, to_at, from_lap, to_lap } of base.flags) {
    const shown = found.get(flag) ?? { laps: 0, time_ms: 0 };
    found.set(flag, shown);
    shown.time_ms += (to_at ?? at) - from_at;
    const until = to_at === null ? leader : to_lap;
    if (until !== null) shown.laps += Math.max(0, until - (from_lap ?? 0));
  }
  let total = 0;
  for (const { time_ms } of found.values()) total += time_ms;
  return [...found].map(([flag, { laps, time_ms }]) => ({
    flag,
    laps,
    time_us: time_ms * 1000,
    share: share(time_ms, total),
  }));
}

function leaderLaps({ positions }: Holding): number | null {
  let most: number | null = null;
  for (const { lap } of positions) if (most === null || lap > most) most = lap;
  return most;
}
