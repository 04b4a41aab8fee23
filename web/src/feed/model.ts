/** The words of the event schema: what a log can say, and nothing it cannot. */

export const KINDS = ['practice', 'qualifying', 'warmup', 'race', 'test', 'other'] as const;
export const COLUMN_TYPES = ['text', 'number', 'time', 'gap', 'speed', 'class', 'state'] as const;
export const MARKS = ['pb', 'sb', 'old', 'invalid'] as const;
export const ORIGINS = ['provider', 'derived'] as const;
export const FEED_STATUSES = ['live', 'stale', 'lost', 'resumed'] as const;
export const CLOSED_REASONS = ['finished', 'moved', 'stopped', 'ended'] as const;

export type Kind = (typeof KINDS)[number];
export type ColumnType = (typeof COLUMN_TYPES)[number];
export type Mark = (typeof MARKS)[number];
export type Origin = (typeof ORIGINS)[number];
export type FeedStatus = (typeof FEED_STATUSES)[number];
export type ClosedReason = (typeof CLOSED_REASONS)[number];

export type Laps = { readonly laps: number };
export type CellValue = string | number | Laps;
export type Cell = CellValue | readonly [CellValue, Mark];
export type Clock = { readonly value_us: number; readonly at: number; readonly runs: boolean };
export type SessionValue = string | number | Clock;

/** In an event, null takes a cell or a session value away; in the state it cannot stand. */
export type Change<T> = T | null;

export type Column = {
  readonly id: string;
  readonly type: ColumnType;
  readonly title: string;
  readonly description?: string;
};

export type Attribution = { readonly text: string; readonly url?: string };
export type Versions = { readonly livetiming: string; readonly plugin?: string };

export type Description = {
  readonly session: string;
  readonly name: string;
  readonly description: string;
  readonly class: string;
  readonly key: string | null;
  readonly kind: Kind;
  readonly columns: readonly Column[];
  readonly track: readonly Column[];
  readonly attribution?: Attribution;
  readonly venue?: string;
  readonly timezone?: string;
  readonly hidden: boolean;
  readonly do_not_record: boolean;
  readonly analysis: boolean;
  readonly rate: number;
  readonly continues?: string;
  readonly made_from?: readonly string[];
  readonly versions: Versions;
};

export type Message = {
  readonly at: number;
  readonly category: string;
  readonly text: string;
  /** A flag, `pb`, `sb`, `pit`, `out` or `race_control`; one of a plugin's own must not stop a log. */
  readonly style?: string;
  readonly car?: string;
  readonly origin: Origin;
};

export type Feed = { readonly status: FeedStatus; readonly at: number; readonly reason?: string };
export type Closed = { readonly at: number; readonly reason: ClosedReason; readonly next?: string };

export type Head = { readonly seq: number; readonly at: number; readonly source_at?: number };

export type Described = Head & {
  readonly type: 'described';
  readonly writer?: number;
  readonly description: Description;
};

export type Changed = Head & {
  readonly type: 'changed';
  readonly cars?: ReadonlyMap<string, ReadonlyMap<string, Change<Cell>>>;
  readonly removed?: readonly string[];
  readonly order?: readonly [from: number, ids: readonly string[]];
  readonly session?: ReadonlyMap<string, Change<SessionValue>>;
};

export type Passed = Head & {
  readonly type: 'passed';
  readonly car: string;
  readonly line: string;
  readonly lap?: number;
  readonly lap_us?: number;
  readonly total_us?: number;
  readonly driver?: string;
};

export type Posted = Head & { readonly type: 'posted'; readonly message: Message };

export type FeedChanged = Head & {
  readonly type: 'feed';
  readonly feed: Feed;
  /** These three speak of the service that `resumed`, and of nothing with another status. */
  readonly writer?: number;
  readonly previous?: readonly [writer: number, seq: number];
  readonly adopted?: number;
};

export type SessionClosed = Head & { readonly type: 'closed'; readonly closed: Closed };

/** Written by a newer service: it counts in the sequence and says nothing. */
export type Unknown = Head & { readonly type: 'unknown' };

export type TimingEvent =
  | Described
  | Changed
  | Passed
  | Posted
  | FeedChanged
  | SessionClosed
  | Unknown;

/** The state as it stands in snapshots and answers. */
export type StateJson = {
  readonly described: Description | null;
  readonly session: Readonly<Record<string, SessionValue>>;
  readonly cars: readonly Readonly<Record<string, Cell>>[];
  readonly messages: readonly Message[];
  readonly feed: Feed | null;
  readonly closed: Closed | null;
  readonly writer: number | null;
};
