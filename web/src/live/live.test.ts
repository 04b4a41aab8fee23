import { type Signal, signal } from '@preact/signals';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Listener, Status } from '../network/connection';
import { dropped } from '../network/strangers';
import { StillWorld, settle } from '../world.testing';
import { LiveSource } from './live';
import { sessionTime } from './source';

const SESSION = '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b';
const AT = 1_781_445_600_000;
const CHAIN = '0'.repeat(16);

const DESCRIBED = {
  ...{ session: SESSION, name: 'WEC', description: 'Race', class: 'demo', key: null, kind: 'race' },
  ...{ columns: [], track: [], hidden: false, do_not_record: false, analysis: true, rate: 1 },
  versions: { livetiming: '0.1.0' },
};

const STATE = {
  ...{ described: DESCRIBED, session: { flag: 'green' }, cars: [{ id: '7' }], writer: 9 },
  ...{ feed: null, closed: null },
  messages: [
    { at: AT - 9_000, category: 'Flags', text: 'Green', style: 'green', origin: 'derived' },
    { at: AT - 8_000, category: 'Pits', text: '#7', style: 'pit', origin: 'derived' },
  ],
};

const SNAPSHOT = JSON.stringify({
  ...{ writer: 9, next_seq: 4, now: AT + 500, seen_at: AT },
  snapshot: {
    type: 'snapshot',
    log: 1,
    session: SESSION,
    seq: 3,
    at: AT,
    chain: CHAIN,
    state: STATE,
  },
});

let world: StillWorld;
let status: Signal<Status>;
let listeners: Listener[];
let calls: { procedure: string; args: readonly unknown[]; answer: (json: unknown) => void }[];
let source: LiveSource;

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  world = new StillWorld();
  status = signal<Status>('online');
  [listeners, calls] = [[], []];
  source = new LiveSource(SESSION, { status, subscribe, call }, world);
  source.open();
  listeners[0]?.subscribed();
  await settle();
});

function subscribe(listener: Listener) {
  listeners.push(listener);
  return () => {
    listeners.splice(listeners.indexOf(listener), 1);
  };
}

function call(procedure: string, args: readonly unknown[] = []): Promise<unknown> {
  return new Promise((answer) => calls.push({ procedure, args, answer }));
}

function line(seq: number, rest: object): string {
  return JSON.stringify({ seq, at: AT + seq * 1000, ...rest });
}

function hear(...args: readonly unknown[]): void {
  listeners[0]?.heard(args);
}

async function answer(json: unknown): Promise<void> {
  calls.shift()?.answer(json);
  await settle();
  world.paint();
}

test('it asks for the snapshot first, and shows nothing before it', async () => {
  expect(calls[0]?.procedure).toBe(`livetiming.rpc.session.${SESSION}.snapshot`);
  expect(calls[0]?.args).toEqual([null]);
  expect([source.picture.value, source.canonical()]).toEqual([null, null]);
  await answer(SNAPSHOT);
  expect(source.picture.value?.state.order).toEqual(['7']);
  expect(source.canonical()).toMatchObject({ session: SESSION, writer: 9, seq: 3 });
});

test('lines move the picture, once in each frame of the screen', async () => {
  await answer(SNAPSHOT);
  const before = source.picture.value;
  hear(9, 4, CHAIN, `${line(4, { type: 'changed', cars: { '7': { laps: 1 } } })}\n`);
  hear(9, 5, CHAIN, `${line(5, { type: 'changed', cars: { '7': { laps: 2 } } })}\n`);
  expect(source.picture.value).toBe(before);
  world.paint();
  expect(source.picture.value).not.toBe(before);
  expect(source.picture.value?.state.cars.get('7')?.get('laps')).toBe(2);
  expect(source.canonical()?.seq).toBe(5);
});

test('a hole is asked for by its first line', async () => {
  await answer(SNAPSHOT);
  hear(9, 6, CHAIN, `${line(6, { type: 'changed', session: { flag: 'red' } })}\n`);
  await world.pass(1_000);
  expect(calls[0]?.procedure).toBe(`livetiming.rpc.session.${SESSION}.events`);
  expect(calls[0]?.args[0]).toBe(4);
});

test('the session has the time of its beacon and what has passed since', async () => {
  await answer(SNAPSHOT);
  hear(9, 4, CHAIN, '', AT + 60_000, AT + 58_000);
  world.paint();
  const picture = source.picture.value;
  await world.pass(1_500);
  expect(picture && sessionTime(picture, world.now())).toBe(AT + 61_500);
  expect(picture?.seenAt).toBe(AT + 58_000);
});

test('a change shows that the feed lives, a derived message does not', async () => {
  await answer(SNAPSHOT);
  hear(9, 4, CHAIN, `${line(4, { type: 'changed', cars: { '7': { laps: 1 } } })}\n`);
  const message = { category: 'a', text: 'b', origin: 'derived' };
  hear(9, 5, CHAIN, `${line(5, { type: 'posted', ...message })}\n`);
  world.paint();
  expect(source.picture.value?.seenAt).toBe(AT + 4_000);
});

test('the flag is shown since its message, then since its change', async () => {
  await answer(SNAPSHOT);
  expect(source.picture.value?.flagSince).toBe(AT - 9_000);
  hear(9, 4, CHAIN, `${line(4, { type: 'changed', session: { flag: 'red' } })}\n`);
  world.paint();
  expect(source.picture.value?.flagSince).toBe(AT + 4_000);
});

test('a service that falls silent is seen to be, without anything happening', async () => {
  await answer(SNAPSHOT);
  hear(9, 4, CHAIN, '', AT + 1_000, AT);
  world.paint();
  expect(source.picture.value?.phase).toBe('live');
  await world.pass(20_000);
  world.paint();
  expect(source.picture.value?.phase).toBe('silent');
});

test('what keeps us from a state is told until there is an answer', async () => {
  calls.shift()?.answer('no JSON');
  await settle();
  expect(source.trouble.value).toBe('an answer that cannot be read');
  await world.pass(5_000);
  await answer(SNAPSHOT);
  expect(source.trouble.value).toBeNull();
  expect(source.picture.value?.phase).toBe('live');
});

test('a call that fails later is no trouble: what is shown says itself how live it is', async () => {
  await answer(SNAPSHOT);
  hear(9, 6, CHAIN, `${line(6, { type: 'changed', session: { flag: 'red' } })}\n`);
  await world.pass(1_000);
  await answer('no JSON');
  expect(source.trouble.value).toBeNull();
});

test('a connection that is lost is its own trouble', async () => {
  calls.shift()?.answer('no JSON');
  await settle();
  status.value = 'connecting';
  expect(source.trouble.value).toBeNull();
});

test('a message that is none of ours is dropped, and counted', async () => {
  await answer(SNAPSHOT);
  const before = dropped('a message about a session');
  hear('<script>', 4);
  hear();
  expect(dropped('a message about a session')).toBe(before + 2);
  expect(source.canonical()?.seq).toBe(3);
});

test('an answer from before a new connection is void', async () => {
  const [early] = calls.splice(0);
  status.value = 'connecting';
  status.value = 'online';
  listeners[0]?.subscribed();
  early?.answer(SNAPSHOT);
  await settle();
  expect(source.canonical()).toBeNull();
  await answer(SNAPSHOT);
  expect(source.canonical()?.seq).toBe(3);
});

test('a page that was left asks for nothing more', async () => {
  source.close();
  calls.splice(0);
  await world.pass(120_000);
  expect([calls, listeners]).toEqual([[], []]);
});
