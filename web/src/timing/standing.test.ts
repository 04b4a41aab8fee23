import { expect, test } from 'vitest';
import { ageLevel } from './feed_age';
import { standingOf } from './standing';

const word = (...args: Parameters<typeof standingOf>) => standingOf(...args).word;

test('live is said only when connection, service and feed are there', () => {
  expect(word('online', 'live', 'live')).toBe('LIVE');
  expect(word('online', 'live', 'resumed')).toBe('LIVE');
  expect(word('online', 'live', 'stale')).toBe('FEED SILENT');
  expect(word('online', 'live', 'lost')).toBe('FEED LOST');
  expect(word('online', 'silent', 'live')).toBe('NOT LIVE');
  expect(word('connecting', 'live', 'live')).toBe('RECONNECTING');
  expect(word('offline', 'live', 'live')).toBe('OFFLINE');
});

test('a session that is over says so, while one can know it', () => {
  expect(word('online', 'closed', 'live')).toBe('ENDED');
  expect(word('offline', 'closed', 'live')).toBe('OFFLINE');
});

test('what is not there yet is told apart from what is gone', () => {
  expect(word('connecting', 'joining', undefined)).toBe('CONNECTING');
  expect(word('online', 'joining', undefined)).toBe('JOINING');
  expect(standingOf('offline', 'joining', undefined).sentence).toContain('no connection');
});

test('the age of the feed warns at 30 seconds and alarms at 60', () => {
  expect([0, 29_999, 30_000, 59_999, 60_000].map(ageLevel)).toEqual([
    ...['fresh', 'fresh', 'warn', 'warn', 'alarm'],
  ]);
});
