/** One line of a log becomes one event; nothing in the line is trusted. */

import { checkNumbers, parse } from './json';
import type * as model from './model';
import {
  damaged,
  filled,
  integer,
  integerFrom,
  list,
  map,
  nullable,
  object,
  optional,
  own,
  pair,
  type Reader,
  record,
  text,
} from './shape';
import * as values from './values';

type Body<T extends model.TimingEvent> = Omit<T, keyof model.Head | 'type'>;

const MAX_LINE = 64 * 1024;

const count = integerFrom(0);
/** Readers find their place in a log by these three, before they parse anything. */
const OPENING = /^\{"seq":[1-9]\d*,"at":\d+,"type":"\w{1,64}"/;
const bareHead = record<Omit<model.Head, 'source_at'>>({ seq: integerFrom(1), at: count });
const head = record<model.Head>({ seq: integerFrom(1), at: count, source_at: optional(integer) });
const opening = record<Pick<model.Described, 'writer'>>({ writer: optional(count) });

const resumption = record<Pick<model.FeedChanged, 'writer' | 'previous' | 'adopted'>>({
  writer: optional(count),
  previous: optional(pair(count, count)),
  adopted: optional(count),
});

const passed = record<Body<model.Passed>>({
  car: values.carId,
  line: values.fieldName,
  lap: optional(integer),
  lap_us: optional(integer),
  total_us: optional(integer),
  driver: optional(text),
});

const changed = record<Body<model.Changed>>({
  cars: optional(filled(map(values.carId, map(values.fieldName, nullable(values.cell))))),
  removed: optional(filled(list(values.carId))),
  order: optional(pair(count, filled(list(values.carId)))),
  session: optional(filled(map(values.fieldName, nullable(values.sessionValue)))),
});

/**
 * Reads an event line, without its line end.
 * A type this reader does not know gives an `unknown` event.
 * Throws DamagedLine where a known type has the wrong shape.
 */
export function decode(line: string): model.TimingEvent {
  checkLength(line);
  const value = object(parse(line), 'line');
  const type = text(own(value, 'type'), 'type');
  const event = READERS.get(type)?.(value, '') ?? unknown(value);
  if (!OPENING.test(line)) damaged('line', 'seq, at and type first', line);
  checkNumbers(line, value);
  return event;
}

function unknown(value: object): model.Unknown {
  return { type: 'unknown', ...bareHead(value, '') };
}

function checkLength(line: string): void {
  // UTF-8 takes at most three bytes for each unit of a string, so most lines need no encoding.
  if (line.length * 3 <= MAX_LINE || new TextEncoder().encode(line).length <= MAX_LINE) return;
  damaged('line', `at most ${MAX_LINE} bytes`, line);
}

const READERS = new Map<string, Reader<model.TimingEvent>>([
  ['described', readDescribed],
  ['changed', readChanged],
  ['passed', readPassed],
  ['posted', readPosted],
  ['feed', readFeed],
  ['closed', readClosed],
]);

function readDescribed(value: unknown, field: string): model.Described {
  const description = values.description(value, field);
  return { type: 'described', ...head(value, field), ...opening(value, field), description };
}

function readChanged(value: unknown, field: string): model.Changed {
  const changes = changed(value, field);
  if (Object.keys(changes).length === 0) damaged('changed', 'at least one change', value);
  return { type: 'changed', ...head(value, field), ...changes };
}

function readPassed(value: unknown, field: string): model.Passed {
  return { type: 'passed', ...head(value, field), ...passed(value, field) };
}

function readPosted(value: unknown, field: string): model.Posted {
  return { type: 'posted', ...head(value, field), message: values.message(value, field) };
}

function readFeed(value: unknown, field: string): model.FeedChanged {
  const feed = values.feed(value, field);
  return { type: 'feed', ...head(value, field), feed, ...resumption(value, field) };
}

function readClosed(value: unknown, field: string): model.SessionClosed {
  return { type: 'closed', ...head(value, field), closed: values.closed(value, field) };
}
