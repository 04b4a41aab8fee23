import { expect, test } from 'vitest';
import { readAnswer, readMessage, readSnapshot } from './messages';

const CHAIN = '21c1005b6e19d274';
const LINE = '{"seq":2,"at":1,"type":"passed","car":"Ü","line":"finish"}';
const ANSWER = { writer: 1, next_seq: 3, from_seq: 2, chain: CHAIN, lines: `${LINE}\n` };
const SNAPSHOT = {
  type: 'snapshot',
  log: 1,
  session: '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b',
  seq: 2,
  at: 1,
  chain: CHAIN,
  state: { any: 'thing' },
};
const MOMENT = { writer: 1, next_seq: 3, now: 5, seen_at: null, snapshot: SNAPSHOT };

test('lines on the topic become lines without line feeds', () => {
  expect(readMessage([1, 2, CHAIN, `${LINE}\n${LINE}\n`])).toEqual({
    writer: 1,
    first_seq: 2,
    chain: CHAIN,
    lines: [LINE, LINE],
  });
});

test.each([[null], [7]])('a beacon that saw the provider at %s is read', (seen_at) => {
  expect(readMessage([1, 2, CHAIN, '', 5, seen_at])).toEqual({
    writer: 1,
    next_seq: 2,
    chain: CHAIN,
    now: 5,
    seen_at,
  });
});

test('an answer may hold no lines, and fields of a later time are left behind', () => {
  const text = JSON.stringify({ ...ANSWER, lines: '', later: 1 });
  expect(readAnswer(text)).toEqual({ ...ANSWER, lines: [] });
});

test('the state of a snapshot is left for who takes it', () => {
  expect(readSnapshot(JSON.stringify(MOMENT))).toEqual(MOMENT);
});

test.each([
  ['nothing', undefined],
  ['an object', { 0: 1, 1: 2, 2: CHAIN, 3: `${LINE}\n`, length: 4 }],
  ['too few arguments', [1, 2, CHAIN]],
  ['too many arguments', [1, 2, CHAIN, `${LINE}\n`, 5]],
  ['lines and a clock', [1, 2, CHAIN, `${LINE}\n`, 5, 5]],
  ['no lines and no clock', [1, 2, CHAIN, '']],
  ['a writer that is text', ['1', 2, CHAIN, `${LINE}\n`]],
  ['a writer before all time', [-1, 2, CHAIN, `${LINE}\n`]],
  ['line 0', [1, 0, CHAIN, `${LINE}\n`]],
  ['half a line number', [1, 2.5, CHAIN, `${LINE}\n`]],
  ['a line number beyond counting', [1, 2 ** 53, CHAIN, `${LINE}\n`]],
  ['a short chain', [1, 2, '21c1', `${LINE}\n`]],
  ['a chain of capitals', [1, 2, CHAIN.toUpperCase(), `${LINE}\n`]],
  ['a line without its end', [1, 2, CHAIN, LINE]],
  ['a line over 64 KiB', [1, 2, CHAIN, `${'ü'.repeat(32 * 1024)}x\n`]],
  ['a clock that is text', [1, 2, CHAIN, '', '5', null]],
  ['a provider seen at no time', [1, 2, CHAIN, '', 5, undefined]],
])('a message with %s is dropped', (_, args) => {
  expect(readMessage(args)).toBeUndefined();
});

test.each([
  ['no text', ANSWER],
  ['text that is no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no chain', JSON.stringify({ ...ANSWER, chain: undefined })],
  ['lines in a list', JSON.stringify({ ...ANSWER, lines: [LINE] })],
])('an answer of %s is dropped', (_, text) => {
  expect(readAnswer(text)).toBeUndefined();
});

test.each([
  ['no text', MOMENT],
  ['no snapshot', JSON.stringify({ ...MOMENT, snapshot: null })],
  ['a mark', JSON.stringify({ ...MOMENT, snapshot: { ...SNAPSHOT, type: 'mark' } })],
  [
    'a session without an id',
    JSON.stringify({ ...MOMENT, snapshot: { ...SNAPSHOT, session: '' } }),
  ],
  ['no state', JSON.stringify({ ...MOMENT, snapshot: { ...SNAPSHOT, state: null } })],
])('a snapshot answer with %s is dropped', (_, text) => {
  expect(readSnapshot(text)).toBeUndefined();
});
