/** Who drove how much of each car's race? */

import { counts } from './bests';
import { best, groupedBy, lapsByCar, share, sum } from './by_car';
import type { Driver, Lap } from './rows';
import { stints } from './stints';
import type { Holding } from './tables';

/** Drivers of a car in the order in which they drove first. */
export function drivers(base: Holding): Driver[] {
  const stintsByCar = groupedBy(stints(base), (stint) => stint.car);
  const found: Driver[] = [];
  for (const [car, laps] of lapsByCar(base.laps)) {
    const total_us = time_us(laps);
    const runs = groupedBy(stintsByCar.get(car) ?? [], (stint) => stint.driver);
    for (const [driver, driven] of groupedBy(laps, (lap) => lap.driver)) {
      found.push({
        car,
        num: driven.at(-1)?.num ?? '',
        driver,
        laps: driven.length,
        stints: runs.get(driver)?.length ?? 0,
        time_us: time_us(driven),
        share: share(time_us(driven), total_us),
        best_us: best(driven.filter(counts).map((lap) => lap.time_us)),
      });
    }
  }
  return found;
}

function time_us(laps: readonly Lap[]): number {
  return sum(laps.map((lap) => lap.time_us));
}
