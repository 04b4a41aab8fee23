import { beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../network/connection';
import { dropped } from '../network/strangers';
import { StillWorld, settle } from '../world.testing';
import { recorded } from './card';
import { Directory } from './directory';
import { type Entry, readListing } from './entry';

const ENTRY: Entry = {
  ...{ session: '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b', next_seq: 11, recorded: 10, name: 'WEC' },
  ...{ description: 'Race', kind: 'race', started_at: 1, cars: 2, flag: 'green' },
  ...{ feed: { status: 'live', at: 1 }, seen_at: 1 },
};

const listing = (at: number, ...sessions: unknown[]) => JSON.stringify({ at, sessions });

let world: StillWorld;
let listener: Listener | null;
let answers: (string | Error)[];
let asked: number;
let directory: Directory;
let leave: () => void;

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  world = new StillWorld();
  [listener, answers, asked] = [null, [], 0];
  directory = new Directory({ subscribe, call }, world);
  leave = directory.open();
});

function subscribe(given: Listener) {
  listener = given;
  return () => {
    listener = null;
  };
}

async function call(): Promise<unknown> {
  asked += 1;
  const answer = answers.shift() ?? new Error('wamp.error.no_such_procedure');
  if (answer instanceof Error) throw answer;
  return answer;
}

test('what is on air is asked for after each join, and heard afterwards', async () => {
  answers = [listing(5, ENTRY)];
  listener?.subscribed();
  await settle();
  expect(directory.listing.value).toEqual({ at: 5, sessions: [ENTRY], heardAt: world.now() });
  listener?.heard([listing(6)]);
  expect(directory.listing.value?.sessions).toEqual([]);
});

test('while nobody answers it is asked again, at growing distances', async () => {
  listener?.subscribed();
  await world.pass(60_000);
  expect(asked).toBeGreaterThan(4);
  expect(asked).toBeLessThan(9);
  answers = [listing(5)];
  await world.pass(15_000);
  const answered = asked;
  await world.pass(60_000);
  expect(asked).toBe(answered);
});

test('an older listing does not take the place of a newer one', () => {
  listener?.heard([listing(6, ENTRY)]);
  listener?.heard([listing(5)]);
  expect(directory.listing.value?.sessions).toEqual([ENTRY]);
});

test('who has left asks no more', async () => {
  listener?.subscribed();
  await settle();
  leave();
  const before = asked;
  await world.pass(60_000);
  expect([asked, listener]).toEqual([before, null]);
});

test.each([
  [undefined],
  ['{}'],
  [listing(-0.5)],
  [listing(5, { ...ENTRY, session: '../x' })],
  [listing(5, { ...ENTRY, name: null })],
  ['{"at":1,"at":2,"sessions":[]}'],
])('what is no listing is dropped: %j', (json) => {
  const before = dropped('a listing of the directory');
  listener?.heard([json]);
  expect(dropped('a listing of the directory')).toBe(before + 1);
  expect(directory.listing.value).toBeNull();
});

test('fields of a later version are ignored', () => {
  expect(readListing(listing(5, { ...ENTRY, later: 1 })).sessions).toEqual([ENTRY]);
});

test('recorded is told apart from published', () => {
  expect(recorded(ENTRY)).toBe('recorded');
  expect(recorded({ ...ENTRY, next_seq: 1_236, recorded: 1_233 })).toBe(
    '1,233 of 1,235 lines recorded',
  );
  expect(recorded({ ...ENTRY, recorded: null })).toBe('not recorded');
  expect(recorded({ ...ENTRY, forked: true })).toBe('recorded in two versions');
});
