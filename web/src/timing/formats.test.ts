import { expect, test } from 'vitest';
import { age, bareValue, cellText, clock, duration, markOf } from './formats';

test.each([
  [0, '0.000'],
  [4_213_000, '4.213'],
  [59_999_400, '59.999'],
  [59_999_600, '1:00.000'],
  [106_542_000, '1:46.542'],
  [119_999_500, '2:00.000'],
  [3_599_999_600, '1:00:00.000'],
  [3_725_004_000, '1:02:05.004'],
  [-1_234_000, '-1.234'],
  [-400, '0.000'],
])('%d microseconds are written %s', (value, text) => {
  expect(duration(value)).toBe(text);
});

test('a time with fewer decimals is still rounded once', () => {
  expect(duration(59_960_000, 1)).toBe('1:00.0');
  expect(duration(59_499_999, 0)).toBe('59');
});

test('what has passed and what remains change at the same moment and make up the whole', () => {
  expect(clock(12_900_000, 'up')).toBe('0:00:12');
  expect(clock(21_600_000_000 - 12_900_000, 'down')).toBe('5:59:48');
});

test('a clock has its hours, also more than a day of them', () => {
  expect(clock(90_061_000_000, 'up')).toBe('25:01:01');
  expect(clock(0, 'down')).toBe('0:00:00');
  expect(clock(-5_000_000, 'down')).toBe('0:00:00');
});

test.each([
  [-500, '0 s'],
  [1_999, '1 s'],
  [119_999, '119 s'],
  [120_000, '2 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 days'],
])('%d milliseconds ago is written %s', (ms, text) => {
  expect(age(ms)).toBe(text);
});

test('each type of column has its way of writing', () => {
  expect(cellText(90_383_083, 'time')).toBe('1:30.383');
  expect(cellText(682_293, 'gap')).toBe('0.682');
  expect(cellText({ laps: 3 }, 'gap')).toBe('3 L');
  expect(cellText(279, 'speed')).toBe('279.0');
  expect(cellText(46, 'number')).toBe('46');
  expect(cellText('007', 'text')).toBe('007');
});

test('a value of another kind than its column is shown as it is', () => {
  expect(cellText('no time', 'time')).toBe('no time');
  expect(cellText(7, 'text')).toBe('7');
});

test('a marked cell is a value and a mark', () => {
  expect(bareValue([90_383_083, 'sb'])).toBe(90_383_083);
  expect(markOf([90_383_083, 'sb'])).toBe('sb');
  expect(markOf({ laps: 1 })).toBeNull();
});
