import { beforeEach, expect, test } from 'vitest';
import { StillWorld, settle } from '../world.testing';
import { backoff, Connection, LIMIT_MS, QUIET_MS } from './connection';
import { NOT_JOINED, TIMEOUT } from './names';
import { MemoryRouter } from './router.testing';

const TOPIC = 'livetiming.public.x-y';
const ASK = 'livetiming.rpc.ask';
const PROBE = 'livetiming.rpc.probe';
const NO_SUCH = 'wamp.error.no_such_procedure';

let world: StillWorld;
let router: MemoryRouter;
let connection: Connection;
let heard: unknown[];

beforeEach(() => {
  world = new StillWorld();
  router = new MemoryRouter();
  world.socket = router.socket;
  connection = new Connection({ url: 'ws://127.0.0.1/ws', realm: 'timing', probe: PROBE }, world);
  heard = [];
});

function listen() {
  return connection.subscribe({
    topic: TOPIC,
    heard: (args) => heard.push(args),
    subscribed: () => heard.push('subscribed'),
  });
}

async function join(): Promise<void> {
  connection.open();
  await world.pass(0);
  expect(connection.status.value).toBe('online');
}

const failure = (call: Promise<unknown>) => call.catch((error) => error.error);

test('a router that is not there at first is found within the longest pause', async () => {
  router.up = false;
  connection.open();
  await world.pass(60_000);
  expect(connection.status.value).toBe('offline');
  router.up = true;
  await world.pass(5_000);
  expect(connection.status.value).toBe('online');
});

test('pauses grow from half a second to five, and the half of each is left to chance', () => {
  expect([0, 1, 2, 3, 4, 50].map((failures) => backoff(failures, 1))).toEqual([
    ...[500, 1_000, 2_000, 4_000, 5_000, 5_000],
  ]);
  expect(backoff(0, 0)).toBe(250);
});

test('what is heard is what was published to the topic', async () => {
  await join();
  listen();
  await settle();
  router.publish(TOPIC, 'a', 1);
  router.publish('livetiming.public.other', 'b');
  await settle();
  expect(heard).toEqual(['subscribed', ['a', 1]]);
});

test('who subscribes before the join is subscribed at the join', async () => {
  listen();
  await join();
  expect(heard).toEqual(['subscribed']);
});

test.each([
  ['breaks', () => router.cut()],
  ['ends with a goodbye', () => router.sayGoodbye()],
])('a connection that %s comes back with all its subscriptions', async (_, end) => {
  await join();
  listen();
  await world.pass(LIMIT_MS);
  end();
  await settle();
  expect(connection.status.value).toBe('connecting');
  await world.pass(500);
  router.publish(TOPIC, 'again');
  await settle();
  expect(heard).toEqual(['subscribed', 'subscribed', ['again']]);
});

test('a router that goes again while subscriptions are renewed loses none of them', async () => {
  await join();
  listen();
  for (let times = 0; times < 5; times += 1) {
    router.cut();
    await world.pass(5_000);
  }
  heard = [];
  router.publish(TOPIC, 'still here');
  await settle();
  expect(heard).toEqual([['still here']]);
});

test('a router that takes every connection and drops it is not asked more and more often', async () => {
  connection.open();
  let attempts = 0;
  for (let second = 0; second < 60; second += 1) {
    await world.pass(1_000);
    attempts += router.sockets.size;
    router.cut();
  }
  expect(attempts).toBeLessThan(25);
});

test('a subscription that is refused is asked for again', async () => {
  router.refused.add(TOPIC);
  await join();
  listen();
  await settle();
  expect(heard).toEqual([]);
  await world.pass(LIMIT_MS);
  expect(heard).toEqual(['subscribed']);
});

test('who left hears nothing more, and the router is told', async () => {
  await join();
  const leave = listen();
  await settle();
  leave();
  await settle();
  expect(router.isHeard(TOPIC)).toBe(false);
  listen();
  await settle();
  router.publish(TOPIC, 'back');
  await settle();
  expect(heard).toEqual(['subscribed', 'subscribed', ['back']]);
});

test('who leaves before the subscription is made is subscribed to nothing', async () => {
  await join();
  listen()();
  await settle();
  expect(heard).toEqual([]);
  expect(router.isHeard(TOPIC)).toBe(false);
});

test('a call gives the first result', async () => {
  router.answers.set(ASK, ([a, b]) => `${a} ${b}`);
  await join();
  expect(await connection.call(ASK, ['x', 2])).toBe('x 2');
});

test('a call that nobody answers for fails with the name of its error', async () => {
  await join();
  expect(await failure(connection.call(ASK))).toBe(NO_SUCH);
});

test('a call without a connection fails at once', async () => {
  expect(await failure(connection.call(ASK))).toBe(NOT_JOINED);
});

test('a call whose connection breaks fails', async () => {
  router.answers.set(ASK, () => undefined);
  await join();
  const failed = failure(connection.call(ASK));
  router.cut();
  await world.pass(0);
  expect(await failed).toBe(NOT_JOINED);
});

test('a call never hangs, and an answer to another keeps the connection', async () => {
  router.answers.set(ASK, () => undefined);
  await join();
  const failed = failure(connection.call(ASK));
  await world.pass(1_000);
  await failure(connection.call(PROBE));
  await world.pass(LIMIT_MS);
  expect(await failed).toBe(TIMEOUT);
  expect(connection.status.value).toBe('online');
});

test('a connection that nobody answers on is noticed within 20 seconds, and left', async () => {
  await join();
  await world.pass(7_000);
  router.mute = true;
  await world.pass(QUIET_MS + LIMIT_MS);
  expect(connection.status.value).not.toBe('online');
  router.mute = false;
  await world.pass(15_000);
  expect(connection.status.value).toBe('online');
});

test('a quiet connection is asked for a sign of life, and an error is one', async () => {
  await join();
  await world.pass(3 * QUIET_MS);
  expect(router.asked).toEqual([`call ${PROBE}`, `call ${PROBE}`, `call ${PROBE}`]);
  expect(connection.status.value).toBe('online');
});

test('a welcome that never comes is not waited for', async () => {
  router.mute = true;
  connection.open();
  await world.pass(LIMIT_MS);
  expect(connection.status.value).toBe('offline');
  router.mute = false;
  await world.pass(5_000);
  expect(connection.status.value).toBe('online');
});

test('a connection that was closed stays closed', async () => {
  await join();
  connection.close();
  await world.pass(60_000);
  expect(router.sockets.size).toBe(0);
});
