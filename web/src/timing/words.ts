/** The words for flags, states, marks and reasons: colour is only the second channel. */

import type { ClosedReason, Mark } from '../feed/model';

/** A word, and the name of its look in the style sheets. */
export type Word = { readonly text: string; readonly look: string };

const FLAGS = new Map<string, Word>([
  ['none', { text: 'NO FLAG', look: 'none' }],
  ['green', { text: 'GREEN', look: 'green' }],
  ['white', { text: 'LAST LAP', look: 'white' }],
  ['chequered', { text: 'FINISH', look: 'chequered' }],
  ['yellow', { text: 'YELLOW', look: 'yellow' }],
  ['fcy', { text: 'FULL COURSE YELLOW', look: 'yellow striped' }],
  ['code_60', { text: 'CODE 60', look: 'purple' }],
  ['vsc', { text: 'VIRTUAL SAFETY CAR', look: 'yellow' }],
  ['sc', { text: 'SAFETY CAR', look: 'yellow' }],
  ['caution', { text: 'CAUTION', look: 'yellow' }],
  ['red', { text: 'RED FLAG', look: 'red' }],
  ['slow_zone', { text: 'SLOW ZONE', look: 'yellow striped' }],
  ['code_60_zone', { text: 'CODE 60 ZONE', look: 'purple striped' }],
]);

const STATES = new Map<string, Word>([
  ['run', { text: 'RUN', look: 'run' }],
  ['out', { text: 'OUT', look: 'out' }],
  ['pit', { text: 'PIT', look: 'pit' }],
  ['fuel', { text: 'FUEL', look: 'pit' }],
  ['stop', { text: 'STOP', look: 'stop' }],
  ['ret', { text: 'RET', look: 'over' }],
  ['fin', { text: 'FIN', look: 'fin' }],
  ['ns', { text: 'DNS', look: 'over' }],
  ['dq', { text: 'DSQ', look: 'over' }],
]);

/** A word of a feed that this page does not know is shown as it is. */
export function flagWord(flag: string): Word {
  return FLAGS.get(flag) ?? { text: flag.toUpperCase(), look: 'none' };
}

export function stateWord(state: string): Word {
  return STATES.get(state) ?? { text: state.toUpperCase(), look: 'run' };
}

export const MARK_WORDS: Readonly<
  Record<Mark, { readonly glyph: string; readonly title: string }>
> = {
  sb: { glyph: '◆', title: 'session best' },
  pb: { glyph: '▲', title: 'personal best' },
  old: { glyph: '·', title: 'of an earlier lap' },
  invalid: { glyph: '×', title: 'does not count' },
};

export const CLOSED_SENTENCES: Readonly<Record<ClosedReason, string>> = {
  finished: 'The session is over.',
  moved: 'The session is over; the feed shows another one now.',
  stopped: 'The session was ended by its operator.',
  ended: 'The recording that was played has come to its end.',
};
