/** When will the session end, and after how many laps, if all goes on as it does now? */

import { divided, sum } from './by_car';
import type { Lap, Length, Prediction } from './rows';
import type { Holding } from './tables';

/** The pace is that of the leader's last laps, so many. */
const PACE = 5;

/** One row, or none where the session is over, or nothing says how long it is to be. */
export function predictions(base: Holding, at: number): Prediction[] {
  const isOver = (base.flags.at(-1)?.to_at ?? null) !== null;
  const length = base.lengths.at(-1);
  if (isOver || !length) return [];
  const ends_at = zeroAt(length, at);
  if (length.kind === 'race') return ofRace(base, length.laps_total, ends_at);
  if (ends_at === null) return [];
  return [{ leader: null, laps: 0, pace_us: null, ends_at, laps_total: null, by: 'time' }];
}

/** When the clock is at 0, as far as anything says so. */
function zeroAt({ ends_at, remaining_us }: Length, at: number): number | null {
  if (ends_at !== null || remaining_us === null) return ends_at;
  return at + Math.floor(remaining_us / 1000);
}

function ofRace(base: Holding, total: number | null, ends_at: number | null): Prediction[] {
  const laps = ofLeader(base.laps);
  const last = laps.at(-1);
  const pace_us = paceOf(laps);
  if (!last || !pace_us) return [];
  const found: Prediction[] = [];
  if (total !== null) found.push(after(last, pace_us, total - last.lap, 'laps'));
  if (ends_at !== null) {
    const left = -Math.floor(((last.at - ends_at) * 1000) / pace_us);
    found.push(after(last, pace_us, left, 'time'));
  }
  return found.sort((a, b) => a.ends_at - b.ends_at).slice(0, 1);
}

/** The laps of the car that has most, of equals of the one that completed them first. */
function ofLeader(laps: readonly Lap[]): Lap[] {
  let leader: Lap | undefined;
  for (const lap of laps) {
    if (!leader || lap.lap > leader.lap || (lap.lap === leader.lap && lap.at < leader.at)) {
      leader = lap;
    }
  }
  return laps.filter((lap) => lap.car === leader?.car).sort((a, b) => a.lap - b.lap);
}

function paceOf(laps: readonly Lap[]): number | null {
  const paced = laps.filter((lap) => !(lap.in_lap || lap.out_lap)).slice(-PACE);
  return divided(sum(paced.map((lap) => lap.time_us)), paced.length);
}

function after(last: Lap, pace_us: number, toGo: number, by: 'laps' | 'time'): Prediction {
  const left = Math.max(0, toGo);
  return {
    leader: last.car,
    laps: last.lap,
    pace_us,
    ends_at: last.at + Math.floor((left * pace_us) / 1000),
    laps_total: last.lap + left,
    by,
  };
}
