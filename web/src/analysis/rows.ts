/** The rows of the analysis; made by `python -m livetiming.projections.analysis_ts`. */

import { flag, integer, nullable, number, oneOf, type Reader, text } from '../feed/shape';

/** Raised whenever a table would answer otherwise. */
export const VERSION = 1;

/** One reader for each column of a table, in the order of the columns. */
export type Shape<Row> = { readonly [K in keyof Row]-?: Reader<Row[K]> };

/** All that a car can do, in the order in which it is counted. */
export const CAR_STATES = ['run', 'out', 'pit', 'fuel', 'stop', 'ret', 'fin', 'ns', 'dq'] as const;

/** Flags under which nobody races. */
export const NEUTRAL = ['yellow', 'fcy', 'code_60', 'vsc', 'sc', 'caution', 'red'] as const;

/** A car as it is entered. */
export type Entry = {
  readonly car: string;
  readonly num: string;
  readonly class: string | null;
  readonly team: string | null;
  readonly model: string | null;
  readonly from_lap: number | null;
  readonly best_us: number | null;
  readonly present: boolean;
};

/** A completed lap. */
export type Lap = {
  readonly car: string;
  readonly num: string;
  readonly class: string | null;
  readonly team: string | null;
  readonly lap: number;
  readonly time_us: number | null;
  readonly at: number;
  readonly driver: string | null;
  readonly position: number | null;
  readonly class_position: number | null;
  readonly s1_us: number | null;
  readonly s2_us: number | null;
  readonly s3_us: number | null;
  readonly flag: string | null;
  readonly in_lap: boolean;
  readonly out_lap: boolean;
  readonly tyre: string | null;
  readonly mark: 'pb' | 'sb' | 'old' | 'invalid' | null;
  readonly valid: boolean;
};

/** A visit to the pit lane. */
export type Stop = {
  readonly car: string;
  readonly num: string;
  readonly stop: number;
  readonly lap: number | null;
  readonly in_at: number;
  readonly out_at: number | null;
  readonly lane_us: number | null;
  readonly driver_in: string | null;
  readonly driver_out: string | null;
  readonly fuelled: boolean | null;
};

/** A flag while it was shown; `none` where none was. */
export type FlagPeriod = {
  readonly flag: string;
  readonly from_at: number;
  readonly to_at: number | null;
  readonly from_lap: number | null;
  readonly to_lap: number | null;
};

/** A car at the end of a lap. */
export type Position = {
  readonly lap: number;
  readonly car: string;
  readonly num: string;
  readonly position: number | null;
  readonly class_position: number | null;
  readonly at: number;
  readonly gap_us: number | null;
  readonly gap_laps: number | null;
};

/** Somebody said something; see `Posted`. */
export type Message = {
  readonly at: number;
  readonly category: string;
  readonly text: string;
  readonly style: string | null;
  readonly car: string | null;
  readonly origin: string;
};

/** What a car did from an instant on. */
export type CarStateRow = {
  readonly car: string;
  readonly state: string | null;
  readonly at: number;
};

/** A car's place from an instant on. */
export type Place = {
  readonly car: string;
  readonly position: number;
  readonly at: number;
};

/** How long the session is to be. */
export type Length = {
  readonly at: number;
  readonly kind: string | null;
  readonly laps_total: number | null;
  readonly ends_at: number | null;
  readonly remaining_us: number | null;
};

/** Laps of one driver between two visits to the pit lane. */
export type Stint = {
  readonly car: string;
  readonly num: string;
  readonly stint: number;
  readonly driver: string | null;
  readonly from_lap: number;
  readonly to_lap: number;
  readonly from_at: number;
  readonly to_at: number;
  readonly laps: number;
  readonly best_us: number | null;
  readonly mean_us: number | null;
  readonly yellow_laps: number;
  readonly tyre: string | null;
  readonly open: boolean;
};

/** A driver of a car. */
export type Driver = {
  readonly car: string;
  readonly num: string;
  readonly driver: string | null;
  readonly laps: number;
  readonly stints: number;
  readonly time_us: number;
  readonly share: number | null;
  readonly best_us: number | null;
};

/** A flag over all of the session so far. */
export type FlagShare = {
  readonly flag: string;
  readonly laps: number;
  readonly time_us: number;
  readonly share: number | null;
};

/** A car in its place. */
export type Classified = {
  readonly position: number;
  readonly class_position: number | null;
  readonly car: string;
  readonly num: string;
  readonly class: string | null;
  readonly laps: number;
  readonly best_us: number | null;
  readonly last_at: number | null;
  readonly gap_us: number | null;
  readonly gap_laps: number | null;
  readonly state: string | null;
};

/** The fastest lap or sector among some cars. */
export type Fastest = {
  readonly class: string | null;
  readonly what: string;
  readonly time_us: number;
  readonly car: string;
  readonly num: string;
  readonly driver: string | null;
  readonly lap: number;
  readonly at: number;
};

/** The best sectors of a car, or of one of its drivers, put together. */
export type Theoretical = {
  readonly car: string;
  readonly num: string;
  readonly driver: string | null;
  readonly s1_us: number | null;
  readonly s2_us: number | null;
  readonly s3_us: number | null;
  readonly time_us: number | null;
  readonly best_us: number | null;
};

/** A car at the end of a lap, behind others. */
export type Gap = {
  readonly lap: number;
  readonly car: string;
  readonly num: string;
  readonly leader_us: number | null;
  readonly leader_laps: number | null;
  readonly class_us: number | null;
  readonly class_laps: number | null;
};

/** How many cars do the same. */
export type StateCount = {
  readonly state: string;
  readonly cars: number;
};

/** The end of a session, as it looks now. */
export type Prediction = {
  readonly leader: string | null;
  readonly laps: number;
  readonly pace_us: number | null;
  readonly ends_at: number;
  readonly laps_total: number | null;
  readonly by: string;
};

export type BaseRows = {
  readonly entries: Entry;
  readonly laps: Lap;
  readonly stops: Stop;
  readonly flags: FlagPeriod;
  readonly positions: Position;
  readonly messages: Message;
  readonly states: CarStateRow;
  readonly places: Place;
  readonly lengths: Length;
};

export const BASE: { readonly [T in keyof BaseRows]: Shape<BaseRows[T]> } = {
  entries: {
    car: text,
    num: text,
    class: nullable(text),
    team: nullable(text),
    model: nullable(text),
    from_lap: nullable(integer),
    best_us: nullable(integer),
    present: flag,
  },
  laps: {
    car: text,
    num: text,
    class: nullable(text),
    team: nullable(text),
    lap: integer,
    time_us: nullable(integer),
    at: integer,
    driver: nullable(text),
    position: nullable(integer),
    class_position: nullable(integer),
    s1_us: nullable(integer),
    s2_us: nullable(integer),
    s3_us: nullable(integer),
    flag: nullable(text),
    in_lap: flag,
    out_lap: flag,
    tyre: nullable(text),
    mark: nullable(oneOf(['pb', 'sb', 'old', 'invalid'])),
    valid: flag,
  },
  stops: {
    car: text,
    num: text,
    stop: integer,
    lap: nullable(integer),
    in_at: integer,
    out_at: nullable(integer),
    lane_us: nullable(integer),
    driver_in: nullable(text),
    driver_out: nullable(text),
    fuelled: nullable(flag),
  },
  flags: {
    flag: text,
    from_at: integer,
    to_at: nullable(integer),
    from_lap: nullable(integer),
    to_lap: nullable(integer),
  },
  positions: {
    lap: integer,
    car: text,
    num: text,
    position: nullable(integer),
    class_position: nullable(integer),
    at: integer,
    gap_us: nullable(integer),
    gap_laps: nullable(integer),
  },
  messages: {
    at: integer,
    category: text,
    text: text,
    style: nullable(text),
    car: nullable(text),
    origin: text,
  },
  states: {
    car: text,
    state: nullable(text),
    at: integer,
  },
  places: {
    car: text,
    position: integer,
    at: integer,
  },
  lengths: {
    at: integer,
    kind: nullable(text),
    laps_total: nullable(integer),
    ends_at: nullable(integer),
    remaining_us: nullable(integer),
  },
};

export type AggregateRows = {
  readonly stints: Stint;
  readonly drivers: Driver;
  readonly flag_shares: FlagShare;
  readonly classification: Classified;
  readonly bests: Fastest;
  readonly theoretical: Theoretical;
  readonly gaps: Gap;
  readonly car_states: StateCount;
  readonly predictions: Prediction;
};

export const AGGREGATE: { readonly [T in keyof AggregateRows]: Shape<AggregateRows[T]> } = {
  stints: {
    car: text,
    num: text,
    stint: integer,
    driver: nullable(text),
    from_lap: integer,
    to_lap: integer,
    from_at: integer,
    to_at: integer,
    laps: integer,
    best_us: nullable(integer),
    mean_us: nullable(integer),
    yellow_laps: integer,
    tyre: nullable(text),
    open: flag,
  },
  drivers: {
    car: text,
    num: text,
    driver: nullable(text),
    laps: integer,
    stints: integer,
    time_us: integer,
    share: nullable(number),
    best_us: nullable(integer),
  },
  flag_shares: {
    flag: text,
    laps: integer,
    time_us: integer,
    share: nullable(number),
  },
  classification: {
    position: integer,
    class_position: nullable(integer),
    car: text,
    num: text,
    class: nullable(text),
    laps: integer,
    best_us: nullable(integer),
    last_at: nullable(integer),
    gap_us: nullable(integer),
    gap_laps: nullable(integer),
    state: nullable(text),
  },
  bests: {
    class: nullable(text),
    what: text,
    time_us: integer,
    car: text,
    num: text,
    driver: nullable(text),
    lap: integer,
    at: integer,
  },
  theoretical: {
    car: text,
    num: text,
    driver: nullable(text),
    s1_us: nullable(integer),
    s2_us: nullable(integer),
    s3_us: nullable(integer),
    time_us: nullable(integer),
    best_us: nullable(integer),
  },
  gaps: {
    lap: integer,
    car: text,
    num: text,
    leader_us: nullable(integer),
    leader_laps: nullable(integer),
    class_us: nullable(integer),
    class_laps: nullable(integer),
  },
  car_states: {
    state: text,
    cars: integer,
  },
  predictions: {
    leader: nullable(text),
    laps: integer,
    pace_us: nullable(integer),
    ends_at: integer,
    laps_total: nullable(integer),
    by: text,
  },
};
