/**
 * Who is first, overall and in each class?
 *
 * By the word of the provider, who knows of penalties, of laps that nobody saw and of those that
 * were taken away; cars that left its table come after the others, by laps.
 */

import { counts } from './bests';
import { best, lapsByCar } from './by_car';
import type { Classified, Entry, Position } from './rows';
import type { Holding } from './tables';

const BY_BEST_LAP: ReadonlySet<string | null> = new Set([
  'practice',
  'qualifying',
  'warmup',
  'test',
]);

/** Behind everybody: whatever counts is less. */
const LAST = Number.MAX_SAFE_INTEGER;

/** What decides about the place of a car. */
type Standing = {
  readonly entry: Entry;
  readonly place: number;
  readonly laps: number;
  readonly best_us: number | null;
  readonly state: string | null;
  readonly last: Position | null;
};

type Behind = Pick<Classified, 'gap_us' | 'gap_laps'>;

/** Cars that are in the table, and those that left with a lap; equals as they came. */
export function classification(base: Holding): Classified[] {
  const isByBest = BY_BEST_LAP.has(base.lengths.at(-1)?.kind ?? null);
  const found = standings(base).sort(byPlace);
  const places = new Map<string | null, number>();
  return found.map((standing, index) => {
    const name = standing.entry.class;
    const place = (places.get(name) ?? 0) + 1;
    places.set(name, place);
    const gap = (isByBest ? gapByBest : gapByLaps)(standing, found[0] ?? standing);
    return classified(standing, index + 1, place, gap);
  });
}

function standings(base: Holding): Standing[] {
  const last = lastPositions(base);
  const laps = lapsByCar(base.laps);
  const states = new Map(base.states.map((row) => [row.car, row.state]));
  const places = new Map(base.places.map((row) => [row.car, row.position]));
  return base.entries.flatMap((entry) => {
    const row = last.get(entry.car) ?? null;
    if (!entry.present && row === null) return [];
    const counted = (laps.get(entry.car) ?? []).filter(counts);
    return {
      entry,
      place: places.get(entry.car) ?? LAST,
      laps: row === null ? (entry.from_lap ?? 0) : row.lap,
      best_us: entry.best_us ?? best(counted.map((lap) => lap.time_us)),
      state: states.get(entry.car) ?? null,
      last: row,
    };
  });
}

function lastPositions({ positions }: Holding): Map<string, Position> {
  const found = new Map<string, Position>();
  for (const row of positions) {
    const known = found.get(row.car);
    if (!known || row.lap > known.lap) found.set(row.car, row);
  }
  return found;
}

function byPlace(a: Standing, b: Standing): number {
  return a.place - b.place || b.laps - a.laps || (a.last?.at ?? LAST) - (b.last?.at ?? LAST);
}

function gapByLaps({ laps, last }: Standing, first: Standing): Behind {
  if (last === null || first.last === null) return { gap_us: null, gap_laps: null };
  if (first.laps > laps) return { gap_us: null, gap_laps: first.laps - laps };
  return { gap_us: last.gap_us ?? (last.at - first.last.at) * 1000, gap_laps: null };
}

function gapByBest({ best_us }: Standing, first: Standing): Behind {
  const isKnown = best_us !== null && first.best_us !== null;
  return { gap_us: isKnown ? best_us - first.best_us : null, gap_laps: null };
}

function classified(standing: Standing, place: number, inClass: number, gap: Behind): Classified {
  const { entry, last } = standing;
  return {
    position: place,
    class_position: entry.class === null ? null : inClass,
    car: entry.car,
    num: entry.num,
    class: entry.class,
    laps: standing.laps,
    best_us: standing.best_us,
    last_at: last?.at ?? null,
    ...gap,
    state: standing.state,
  };
}
