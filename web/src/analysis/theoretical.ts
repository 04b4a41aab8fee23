/** How quick would a lap of everybody's best sectors be? */

import { timed } from './bests';
import { best, groupedBy, lapsByCar } from './by_car';
import type { Lap, Theoretical } from './rows';
import type { Holding } from './tables';

/** Each car, then its drivers in the order in which they drove first. */
export function theoretical(base: Holding): Theoretical[] {
  const found: Theoretical[] = [];
  for (const [car, laps] of lapsByCar(base.laps)) {
    found.push(put(car, null, laps));
    for (const [driver, driven] of groupedBy(laps, (lap) => lap.driver)) {
      if (driver !== null) found.push(put(car, driver, driven));
    }
  }
  return found;
}

/** Puts the best sectors together. */
function put(car: string, driver: string | null, laps: readonly Lap[]): Theoretical {
  const times = laps.map(timed);
  const s1_us = best(times.map((time) => time.s1));
  const s2_us = best(times.map((time) => time.s2));
  const s3_us = best(times.map((time) => time.s3));
  const isWhole = s1_us !== null && s2_us !== null && s3_us !== null;
  return {
    car,
    num: laps.at(-1)?.num ?? '',
    driver,
    s1_us,
    s2_us,
    s3_us,
    time_us: isWhole ? s1_us + s2_us + s3_us : null,
    best_us: best(times.map((time) => time.lap)),
  };
}
