/** A session on air as the directory lists it; nothing in a listing is trusted. */

import { parse } from '../feed/json';
import { type Clock, FEED_STATUSES, type FeedStatus } from '../feed/model';
import {
  damaged,
  flag,
  integer,
  integerFrom,
  list,
  nullable,
  oneOf,
  optional,
  type Reader,
  record,
  text,
} from '../feed/shape';
import { clock, sessionId } from '../feed/values';

export type Entry = {
  readonly session: string;
  /** How far it is published. */
  readonly next_seq: number;
  /** How far it is on the recorder's disk. */
  readonly recorded: number | null;
  readonly name: string;
  readonly description: string;
  readonly kind: string;
  readonly venue?: string;
  readonly started_at: number;
  readonly cars: number;
  readonly flag: string;
  readonly elapsed?: Clock;
  readonly remaining?: Clock;
  readonly feed: { readonly status: FeedStatus; readonly at: number } | null;
  readonly seen_at: number | null;
  readonly forked?: boolean;
};

export type Listing = { readonly at: number; readonly sessions: readonly Entry[] };

const count = integerFrom(0);

const entry = record<Entry>({
  session: sessionId,
  next_seq: integerFrom(1),
  recorded: nullable(count),
  name: text,
  description: text,
  kind: text,
  venue: optional(text),
  started_at: integer,
  cars: count,
  flag: text,
  elapsed: optional(clock),
  remaining: optional(clock),
  feed: nullable(record({ status: oneOf(FEED_STATUSES), at: integer })),
  seen_at: nullable(integer),
  forked: optional(flag),
});

const listing: Reader<Listing> = record({ at: integer, sessions: list(entry) });

/** Reads a listing; throws DamagedLine where it is none. */
export function readListing(json: unknown): Listing {
  if (typeof json !== 'string') return damaged('listing', 'JSON text', json);
  return listing(parse(json), 'listing');
}
