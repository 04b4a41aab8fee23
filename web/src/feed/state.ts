/** The picture of a session after an event, and its one JSON form. */

import { canonicalText } from './json';
import type { Cell, Closed, Description, Feed, Message, SessionValue, StateJson } from './model';
import { damaged, integer, list, map, nullable, object, type Reader, record } from './shape';
import * as values from './values';

export type State = {
  described: Description | null;
  readonly session: Map<string, SessionValue>;
  readonly cars: Map<string, Map<string, Cell>>;
  order: string[];
  readonly messages: Message[];
  feed: Feed | null;
  closed: Closed | null;
  writer: number | null;
};

export function start(): State {
  return {
    described: null,
    session: new Map(),
    cars: new Map(),
    order: [],
    messages: [],
    feed: null,
    closed: null,
    writer: null,
  };
}

const cells = map(values.fieldName, values.cell);

const car: Reader<readonly [string, Map<string, Cell>]> = (value, field) => {
  const { id, ...columns } = object(value, field);
  return [values.carId(id, `${field}.id`), cells(columns, field)];
};

const snapshot = record<Omit<State, 'cars' | 'order'> & { cars: ReturnType<typeof car>[] }>({
  described: nullable(values.description),
  session: map(values.fieldName, values.sessionValue),
  cars: list(car),
  messages: list(values.message),
  feed: nullable(values.feed),
  closed: nullable(values.closed),
  writer: nullable(integer),
});

/** Reads the state of a snapshot; throws DamagedLine where it has the wrong shape. */
export function fromJson(json: unknown): State {
  const read = snapshot(json, 'state');
  const cars = new Map(read.cars);
  if (cars.size < read.cars.length) damaged('state.cars', 'each car once', json);
  return { ...read, cars, order: read.cars.map(([id]) => id) };
}

export function toJson(state: State): StateJson {
  return {
    described: state.described,
    session: Object.fromEntries(state.session),
    cars: state.order.map((id) => ({ id, ...Object.fromEntries(state.cars.get(id) ?? []) })),
    messages: [...state.messages],
    feed: state.feed,
    closed: state.closed,
    writer: state.writer,
  };
}

/** The text a state hash is taken over. */
export function canonical(state: State): string {
  return canonicalText(toJson(state));
}
