/** One interface for whatever shows a session: live now, a recording or a delay later. */

import type { ReadonlySignal } from '@preact/signals';
import type { State } from '../feed/state';

/**
 * `joining` before there is a state, `silent` when nothing was heard of its service for a while,
 * `closed` when the session is over.
 */
export type Phase = 'joining' | 'live' | 'silent' | 'closed';

/** The session's time, as it was said last. */
export type Beat = {
  /** Epoch ms at that moment. */
  readonly now: number;
  /** That moment in the time of our world. */
  readonly heardAt: number;
};

/** What there is to show at one moment; `state` goes on changing, so it is to be read at once. */
export type Picture = {
  readonly state: State;
  readonly phase: Phase;
  readonly beat: Beat | null;
  /** When the provider last sent anything, epoch ms; null where that is not known. */
  readonly seenAt: number | null;
  /** Since when the present flag is shown, epoch ms; null where that is not known. */
  readonly flagSince: number | null;
};

/** The whole truth as text, for comparing with the service's and the recording's. */
export type Canonical = {
  readonly session: string;
  readonly writer: number;
  readonly seq: number;
  readonly text: string;
};

export interface Source {
  /** A new one at most once in each frame of the screen; null before there is a state. */
  readonly picture: ReadonlySignal<Picture | null>;
  /** The name of the error that keeps us from a first state; null where nothing does. */
  readonly trouble: ReadonlySignal<string | null>;
  canonical(): Canonical | null;
  close(): void;
}

/** The session's time at a moment of our world; null before anything was said about it. */
export function sessionTime({ beat, state }: Picture, now: number): number | null {
  return beat && beat.now + (state.described?.rate ?? 1) * (now - beat.heardAt);
}
