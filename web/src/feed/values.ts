/** What the schema says of single values, used alike for events and for the state. */

import * as model from './model';
import {
  damaged,
  flag,
  integer,
  integerFrom,
  list,
  matching,
  nullable,
  number,
  object,
  oneOf,
  optional,
  pair,
  type Reader,
  record,
  text,
} from './shape';

export const sessionId = matching(/^[0-9a-f]{32}$/);
/** Of a column, a session field or a line. */
export const fieldName = matching(/^[a-z][a-z0-9_]{0,31}$/, 'id', 'constructor', 'prototype');
const className = matching(/^[a-z][a-z0-9_]{0,63}$/);

const REFUSED_CARS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

export const carId: Reader<string> = (value, field) => {
  const id = text(value, field);
  const length = [...id].length;
  if (length >= 1 && length <= 32 && !REFUSED_CARS.includes(id)) return id;
  return damaged(field, 'a car id of 1 to 32 characters', value);
};

const lapsFields = record<model.Laps>({ laps: integerFrom(1) });

/** A value, not a record that may grow: a gap with more in it would be another kind of cell. */
const laps: Reader<model.Laps> = (value, field) =>
  Object.keys(object(value, field)).length === 1
    ? lapsFields(value, field)
    : damaged(field, 'laps alone', value);

const cellValue: Reader<model.CellValue> = (value, field) => {
  if (typeof value === 'string') return text(value, field);
  if (typeof value === 'number') return number(value, field);
  return laps(value, field);
};

const marked = pair(cellValue, oneOf(model.MARKS));

export const cell: Reader<model.Cell> = (value, field) =>
  Array.isArray(value) ? marked(value, field) : cellValue(value, field);

export const clock = record<model.Clock>({ value_us: integer, at: integer, runs: flag });

export const sessionValue: Reader<model.SessionValue> = (value, field) => {
  if (typeof value === 'string') return text(value, field);
  if (typeof value === 'number') return number(value, field);
  return clock(value, field);
};

const column = record<model.Column>({
  id: fieldName,
  type: oneOf(model.COLUMN_TYPES),
  title: text,
  description: optional(text),
});

export const description = record<model.Description>({
  session: sessionId,
  name: text,
  description: text,
  class: className,
  key: nullable(text),
  kind: oneOf(model.KINDS),
  columns: list(column),
  track: list(column),
  attribution: optional(record<model.Attribution>({ text, url: optional(text) })),
  venue: optional(text),
  timezone: optional(text),
  hidden: flag,
  do_not_record: flag,
  analysis: flag,
  rate: number,
  continues: optional(sessionId),
  made_from: optional(list(sessionId)),
  versions: record<model.Versions>({ livetiming: text, plugin: optional(text) }),
});

export const message = record<model.Message>({
  at: integer,
  category: text,
  text,
  style: optional(text),
  car: optional(carId),
  origin: oneOf(model.ORIGINS),
});

export const feed = record<model.Feed>({
  status: oneOf(model.FEED_STATUSES),
  at: integer,
  reason: optional(text),
});

export const closed = record<model.Closed>({
  at: integer,
  reason: oneOf(model.CLOSED_REASONS),
  next: optional(sessionId),
});
