/** What the traces of the Python follower cannot show: what the page sees of its own. */

import { expect, test } from 'vitest';
import type { Ask } from './asking';
import { clockAt, Follower, LIMITS } from './follow';
import type { Answer, SnapshotAnswer } from './messages';
import type { TimingEvent } from './model';
import { start, toJson } from './state';

const SESSION = '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b';
const CHAIN = '0000000000000000';

function snapshot(seq = 0, state: object = toJson(start())): SnapshotAnswer {
  const line = { type: 'snapshot', log: 1, session: SESSION, seq, at: 0, chain: CHAIN } as const;
  return { writer: 1, next_seq: seq + 1, now: 1000, seen_at: null, snapshot: { ...line, state } };
}

function line(seq: number, rest: string): string {
  return `{"seq":${seq},"at":${seq},"type":${rest}}`;
}

function posted(seq: number): string {
  return line(seq, '"posted","category":"Pits","text":"in","origin":"derived"');
}

function joined(moved?: (event: TimingEvent | null) => void): Follower {
  const follower = new Follower(SESSION, () => 0.5, moved);
  follower.answered(follower.subscribed(0) as Ask, snapshot(), 0);
  return follower;
}

function hear(follower: Follower, first_seq: number, ...lines: string[]): Ask | null {
  return follower.message({ writer: 1, first_seq, chain: CHAIN, lines }, 1);
}

test('the page is told of each event that was applied, and of each snapshot', () => {
  const seen: (string | undefined)[] = [];
  const follower = joined((event) => seen.push(event?.type));
  hear(follower, 1, posted(1), line(2, '"closed","reason":"ended"'));
  expect(seen).toEqual([undefined, 'posted', 'closed']);
  expect(follower.sight(1)).toBe('closed');
});

test('the limits are those of the documents', () => {
  expect(LIMITS).toEqual({
    waiting_lines: 500,
    waiting_bytes: 2 * 1024 * 1024,
    answer_lines: 500,
    far_behind: 2_000,
  });
});

test('without other limits a follower keeps those of the documents', () => {
  const follower = joined();
  for (let seq = 2; seq <= 501; seq += 1) hear(follower, seq, posted(seq));
  const ask = follower.tick(2) as Ask;
  expect(ask).toEqual({ attempt: 2, from_seq: 1, limit: 500 });
  const answer: Answer = { writer: 1, next_seq: 2, from_seq: 1, chain: CHAIN, lines: [posted(1)] };
  follower.answered(ask, answer, 2);
  expect(follower.seq).toBe(501);
});

test('the clock of the session goes on at its rate', () => {
  const { clock } = joined();
  expect(clock && clockAt(clock, 2, 60)).toBe(1000 + 120_000);
});

test.each([
  ['is no JSON', '{'],
  ['is not the next one', posted(3)],
  ['has another shape', line(1, '"closed","reason":"bored"')],
])('a line that %s leaves the state and asks for the snapshot', (_, bad) => {
  const follower = joined();
  expect(() => hear(follower, 1, bad)).not.toThrow();
  expect(follower.seq).toBe(0);
  expect(follower.state).not.toBeNull();
  expect(follower.tick(2)?.from_seq).toBeNull();
});

test('a line of an instant before the last one asks for the snapshot', () => {
  const follower = joined();
  hear(follower, 1, posted(1).replace('"at":1', '"at":9'), posted(2));
  expect(follower.seq).toBe(1);
  expect(follower.tick(2)?.from_seq).toBeNull();
});

test('a line that spoils the state leaves none, and the page says that it joins', () => {
  const follower = joined();
  hear(follower, 1, line(1, '"changed","removed":["7"]'));
  expect(follower.state).toBeNull();
  expect(follower.sight(1)).toBe('joining');
  const ask = follower.tick(2) as Ask;
  follower.answered(ask, snapshot(1), 2);
  expect(follower.seq).toBe(1);
});

test.each([
  ['a damaged state', snapshot(3, { cars: 1 })],
  [
    'a start that is none',
    { ...snapshot(), snapshot: { ...snapshot().snapshot, chain: '1'.repeat(16) } },
  ],
  [
    'another session',
    { ...snapshot(3), snapshot: { ...snapshot(3).snapshot, session: '0'.repeat(32) } },
  ],
  [
    'a state folded by other rules',
    { ...snapshot(3), snapshot: { ...snapshot(3).snapshot, log: 2 } },
  ],
])('a snapshot of %s is asked for again after a pause', (_, answer) => {
  const follower = new Follower(SESSION, () => 0.5);
  follower.answered(follower.subscribed(0) as Ask, answer, 0);
  expect(follower.state).toBeNull();
  expect(follower.wakeAt).toBe(1);
  expect(follower.tick(1)?.from_seq).toBeNull();
});

test('a start folded by other rules is a start', () => {
  const follower = new Follower(SESSION, () => 0.5);
  const answer = { ...snapshot(), snapshot: { ...snapshot().snapshot, log: 2 } };
  follower.answered(follower.subscribed(0) as Ask, answer, 0);
  expect(follower.state).toEqual(start());
});

test('lines that wait are applied in their order', () => {
  const follower = joined();
  for (const seq of [4, 2, 3, 1]) hear(follower, seq, posted(seq));
  expect(follower.seq).toBe(4);
});

test('lines of an older writer that wait are dropped when a newer one is heard', () => {
  const follower = joined();
  hear(follower, 3, posted(3));
  const beacon = { writer: 2, next_seq: 3, chain: CHAIN, now: 1, seen_at: null };
  const ask = follower.message(beacon, 1) as Ask;
  follower.answered(ask, { ...snapshot(2), writer: 2 }, 1);
  expect([follower.writer, follower.seq]).toEqual([2, 2]);
});

test('lines that wait behind one that is none are dropped with it', () => {
  const follower = joined();
  for (const seq of [3, 2]) hear(follower, seq, posted(seq));
  hear(follower, 1, '{');
  follower.answered(follower.tick(2) as Ask, snapshot(1), 2);
  expect(follower.seq).toBe(1);
});

test('a snapshot may say that there is more than it holds', () => {
  const follower = new Follower(SESSION, () => 0.5);
  follower.answered(follower.subscribed(0) as Ask, { ...snapshot(), next_seq: 5 }, 0);
  expect(follower.wakeAt).toBeCloseTo(0.55);
  expect(follower.tick(0.6)?.from_seq).toBe(1);
});
