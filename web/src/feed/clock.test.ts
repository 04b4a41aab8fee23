import { expect, test } from 'vitest';
import { read } from './clock';

const RUNNING = { value_us: 12_000_000, at: 1_781_445_600_250, runs: true };
const STOPPED = { ...RUNNING, runs: false };

test('elapsed time counts up while it runs', () => {
  expect(read(RUNNING, RUNNING.at + 1_500, 'elapsed')).toBe(13_500_000);
});

test('remaining time counts down while it runs', () => {
  expect(read(RUNNING, RUNNING.at + 1_500, 'remaining')).toBe(10_500_000);
});

test('remaining time ends at nothing', () => {
  expect(read(RUNNING, RUNNING.at + 12_000, 'remaining')).toBe(0);
  expect(read(RUNNING, RUNNING.at + 60_000, 'remaining')).toBe(0);
});

test('a stopped clock shows what it was stopped at', () => {
  expect(read(STOPPED, STOPPED.at + 60_000, 'elapsed')).toBe(12_000_000);
  expect(read(STOPPED, STOPPED.at + 60_000, 'remaining')).toBe(12_000_000);
});
