/** What a clock of the session shows at an instant, between the events that set it. */

import type { Clock } from './model';

/** The session fields that are clocks. */
export type ClockField = 'elapsed' | 'remaining';

/** Microseconds on the clock at an instant (epoch ms, in the log's time). */
export function read(clock: Clock, at: number, field: ClockField): number {
  if (!clock.runs) return clock.value_us;
  const passed_us = (at - clock.at) * 1000;
  switch (field) {
    case 'elapsed':
      return clock.value_us + passed_us;
    case 'remaining':
      return Math.max(0, clock.value_us - passed_us);
  }
}
