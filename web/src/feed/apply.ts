/** What each event does to the state: the fold every reader of a log must share. */

import type { Cell, Change, Changed, Described, FeedChanged, Message, TimingEvent } from './model';
import type { State } from './state';

const MESSAGES = 100;

/** Events that fit no state: the log is damaged and the state they were applied to is spent. */
export class DamagedLog extends Error {
  override readonly name = 'DamagedLog';

  constructor(
    readonly seq: number,
    readonly expected: string,
    readonly came: string,
  ) {
    super(`event ${seq}: expected ${expected}, came ${came}`);
  }
}

/**
 * The state after the event, in place: copying it would cost more than all the rest of a replay.
 * That `seq` is the next one is for the caller to check.
 */
export function apply(state: State, event: TimingEvent): State {
  switch (event.type) {
    case 'described':
      describe(state, event);
      break;
    case 'changed':
      change(state, event);
      break;
    case 'posted':
      post(state, event.message);
      break;
    case 'feed':
      turn(state, event);
      break;
    case 'closed':
      state.closed = event.closed;
      break;
    case 'passed':
    case 'unknown':
      break;
    default:
      event satisfies never;
  }
  return state;
}

function describe(state: State, event: Described): void {
  state.described = event.description;
  if (event.writer !== undefined) state.writer = event.writer;
}

function post(state: State, message: Message): void {
  state.messages.push(message);
  if (state.messages.length > MESSAGES) state.messages.shift();
}

function turn(state: State, event: FeedChanged): void {
  state.feed = event.feed;
  if (event.feed.status !== 'resumed') return;
  state.closed = null;
  if (event.writer !== undefined) state.writer = event.writer;
}

function change(state: State, event: Changed): void {
  if (event.removed) remove(state, event.seq, event.removed);
  for (const [id, cells] of event.cars ?? []) {
    const car = state.cars.get(id) ?? new Map<string, Cell>();
    state.cars.set(id, car);
    put(car, cells);
  }
  if (event.order) reorder(state, event.seq, ...event.order);
  checkEachOnce(state, event);
  if (event.session) put(state.session, event.session);
}

function put<T>(known: Map<string, T>, seen: ReadonlyMap<string, Change<T>>): void {
  for (const [name, value] of seen) {
    if (value === null) known.delete(name);
    else known.set(name, value);
  }
}

function remove(state: State, seq: number, ids: readonly string[]): void {
  for (const id of ids) {
    if (!state.cars.delete(id)) throw new DamagedLog(seq, 'a known car to remove', id);
  }
  state.order = state.order.filter((id) => state.cars.has(id));
}

function reorder(state: State, seq: number, from: number, ids: readonly string[]): void {
  if (from > state.order.length) {
    throw new DamagedLog(seq, `an order from at most ${state.order.length}`, String(from));
  }
  state.order.splice(from, ids.length, ...ids);
}

function checkEachOnce({ cars, order }: State, event: Changed): void {
  // Without a new order the old one still names its cars once each; then the number says enough.
  const exact =
    order.length === cars.size &&
    (event.order === undefined || new Set(order.filter((id) => cars.has(id))).size === cars.size);
  if (!exact) throw new DamagedLog(event.seq, 'an order of each car once', order.join(' '));
}
