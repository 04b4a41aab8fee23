/** How long was each run between two stops, by whom and how quick? */

import { counts } from './bests';
import { best, divided, lapsByCar, sum } from './by_car';
import { type Lap, NEUTRAL, type Stint } from './rows';
import type { Holding } from './tables';

const UNDER_NEUTRAL: ReadonlySet<string | null> = new Set(NEUTRAL);
const OVER: ReadonlySet<string | null> = new Set(['ret', 'fin', 'dq']);

/** A stint begins with an out lap, after an in lap, or with another driver. */
export function stints(base: Holding): Stint[] {
  const over = new Set(base.states.filter((row) => OVER.has(row.state)).map((row) => row.car));
  const isOpen = (base.flags.at(-1)?.to_at ?? null) === null;
  const found: Stint[] = [];
  for (const [car, laps] of lapsByCar(base.laps)) {
    const cars = runs(laps);
    for (const [index, run] of cars.entries()) {
      const isLast = index === cars.length - 1;
      const goesOn = isOpen && isLast && !over.has(car) && !run.last.in_lap;
      found.push(stint(run, index + 1, goesOn));
    }
  }
  return found;
}

type Run = { readonly first: Lap; last: Lap; readonly laps: Lap[] };

function runs(laps: readonly Lap[]): Run[] {
  const found: Run[] = [];
  for (const lap of laps) {
    const run = found.at(-1);
    if (!run || lap.out_lap || run.last.in_lap || lap.driver !== run.last.driver) {
      found.push({ first: lap, last: lap, laps: [lap] });
    } else {
      run.laps.push(lap);
      run.last = lap;
    }
  }
  return found;
}

function stint({ first, last, laps }: Run, number: number, open: boolean): Stint {
  const paced = laps.filter((lap) => lap.valid && !(lap.in_lap || lap.out_lap));
  return {
    car: first.car,
    num: last.num,
    stint: number,
    driver: first.driver,
    from_lap: first.lap,
    to_lap: last.lap,
    from_at: first.at - Math.floor((first.time_us ?? 0) / 1000),
    to_at: last.at,
    laps: laps.length,
    best_us: best(laps.filter(counts).map((lap) => lap.time_us)),
    mean_us: divided(sum(paced.map((lap) => lap.time_us)), paced.length),
    yellow_laps: laps.filter((lap) => UNDER_NEUTRAL.has(lap.flag)).length,
    tyre: first.tyre,
    open,
  };
}
