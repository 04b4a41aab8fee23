/** The messages of the wire: what has another shape is dropped here and goes no further. */

import {
  DamagedLine,
  damaged,
  integerFrom,
  matching,
  nullable,
  object,
  oneOf,
  type Reader,
  record,
} from './shape';
import { sessionId } from './values';

/** Lines of a session, as its writer published them: consecutive, without line feeds. */
export type Lines = {
  readonly writer: number;
  readonly first_seq: number;
  readonly chain: string;
  readonly lines: readonly string[];
};

/** A service is there, and its log stands so; `now` is the session's clock. */
export type Beacon = {
  readonly writer: number;
  readonly next_seq: number;
  readonly chain: string;
  readonly now: number;
  readonly seen_at: number | null;
};

/** Lines that were asked for. */
export type Answer = {
  readonly writer: number;
  readonly next_seq: number;
  readonly from_seq: number;
  readonly chain: string;
  readonly lines: readonly string[];
};

/** A snapshot line; its state is read when it is taken. */
export type Snapshot = {
  readonly type: 'snapshot';
  readonly log: number;
  readonly session: string;
  readonly seq: number;
  readonly at: number;
  readonly chain: string;
  readonly state: object;
};

/** A session at a moment. */
export type SnapshotAnswer = {
  readonly writer: number;
  readonly next_seq: number;
  readonly now: number;
  readonly seen_at: number | null;
  readonly snapshot: Snapshot;
};

const MAX_LINE = 64 * 1024;
const count = integerFrom(0);
const seq = integerFrom(1);
const chain = matching(/^[0-9a-f]{16}$/);

const lines: Reader<readonly string[]> = (value, field) => {
  if (typeof value !== 'string') return damaged(field, 'lines', value);
  if (!value.endsWith('\n')) return damaged(field, 'each line with its line feed', value);
  return value
    .slice(0, -1)
    .split('\n')
    .map((line) => (byteLength(line) <= MAX_LINE ? line : damaged(field, 'shorter lines', line)));
};

const linesOrNone: Reader<readonly string[]> = (value, field) =>
  value === '' ? [] : lines(value, field);

const answer = record<Answer>({
  writer: count,
  next_seq: seq,
  from_seq: seq,
  chain,
  lines: linesOrNone,
});

const snapshotAnswer = record<SnapshotAnswer>({
  writer: count,
  next_seq: seq,
  now: count,
  seen_at: nullable(count),
  snapshot: record<Snapshot>({
    type: oneOf(['snapshot']),
    log: count,
    session: sessionId,
    seq: count,
    at: count,
    chain,
    state: object,
  }),
});

/** Bytes of a text in UTF-8, in which all limits are given. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What came on a session's topic. */
export function readMessage(args: unknown): Lines | Beacon | undefined {
  return unlessDamaged(() => {
    if (!Array.isArray(args)) return damaged('message', 'a list', args);
    if (args.length === 4) return readLines(args);
    if (args.length === 6 && args[3] === '') return readBeacon(args);
    return damaged('message', 'lines or a beacon', args);
  });
}

function readLines(args: readonly unknown[]): Lines {
  return {
    writer: count(args[0], 'writer'),
    first_seq: seq(args[1], 'first_seq'),
    chain: chain(args[2], 'chain'),
    lines: lines(args[3], 'lines'),
  };
}

function readBeacon(args: readonly unknown[]): Beacon {
  return {
    writer: count(args[0], 'writer'),
    next_seq: seq(args[1], 'next_seq'),
    chain: chain(args[2], 'chain'),
    now: count(args[4], 'now'),
    seen_at: nullable(count)(args[5], 'seen_at'),
  };
}

/** What a call for lines gave. */
export function readAnswer(text: unknown): Answer | undefined {
  return unlessDamaged(() => answer(parsed(text), 'answer'));
}

/** What a call for a snapshot gave. */
export function readSnapshot(text: unknown): SnapshotAnswer | undefined {
  return unlessDamaged(() => snapshotAnswer(parsed(text), 'answer'));
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return damaged('answer', 'JSON text', text);
  try {
    return JSON.parse(text);
  } catch {
    return damaged('answer', 'JSON text', text);
  }
}

function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DamagedLine) return undefined;
    throw error;
  }
}
