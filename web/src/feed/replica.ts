/** A follower's copy of the session: a writer's state, folded line by line. */

import { apply, DamagedLog } from './apply';
import { decode } from './decode';
import type { Snapshot } from './messages';
import type { TimingEvent } from './model';
import { DamagedLine, damaged } from './shape';
import { fromJson, type State, start } from './state';
import type { Run } from './waiting';

/** Of fold and format together: the state of another version was folded by other rules. */
const VERSION = 1;
const GENESIS = '0000000000000000';

/** Called after each step of the state, with the event, or with null where a snapshot came. */
export type Moved = (event: TimingEvent | null) => void;

type Folded = { readonly state: State; seq: number; at: number };

export class Replica {
  /** Whose lines were applied; null without a state. */
  writer: number | null = null;
  private folded: Folded | null = null;

  constructor(
    private readonly session: string,
    private readonly moved: Moved,
  ) {}

  get state(): State | null {
    return this.folded?.state ?? null;
  }

  /** The last line applied; 0 before the first. */
  get seq(): number {
    return this.folded?.seq ?? 0;
  }

  /** Whether the session is over, as far as is known here. */
  get isClosed(): boolean {
    return this.folded !== null && this.folded.state.closed !== null;
  }

  /**
   * Go on from a snapshot; one of our own writer before `least_seq` is a late one.
   * Returns whether it was taken; not if it is of another session, or cannot be read.
   */
  take(writer: number, snapshot: Snapshot, least_seq: number): boolean {
    if (snapshot.session !== this.session) return false;
    if (writer === this.writer && snapshot.seq < least_seq) return false;
    if (!fits(() => this.begin(snapshot))) return false;
    this.writer = writer;
    this.moved(null);
    return true;
  }

  private begin({ log, seq, at, chain, state }: Snapshot): void {
    if (seq === 0 && chain !== GENESIS) damaged('chain', GENESIS, chain);
    if (log === VERSION) this.folded = { state: fromJson(state), seq, at };
    else if (seq === 0) this.folded = { state: start(), seq, at: 0 };
    else damaged('log', `version ${VERSION}`, log);
  }

  /**
   * Apply what is new of lines that begin at the next one or before it.
   * Returns whether they fit; the state stays, unless they spoilt it.
   */
  advance(run: Run): boolean {
    const folded = this.folded;
    if (folded === null) return true;
    return fits(() => {
      for (const line of run.lines.slice(folded.seq + 1 - run.first_seq)) this.step(folded, line);
    });
  }

  private step(folded: Folded, line: string): void {
    const event = decode(line);
    if (event.seq !== folded.seq + 1) damaged('seq', String(folded.seq + 1), event.seq);
    if (event.at < folded.at) damaged('at', `at least ${folded.at}`, event.at);
    this.apply(folded, event);
    folded.seq = event.seq;
    folded.at = event.at;
    this.moved(event);
  }

  private apply(folded: Folded, event: TimingEvent): void {
    try {
      apply(folded.state, event);
    } catch (error) {
      this.folded = null;
      this.writer = null;
      throw error;
    }
  }
}

function fits(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof DamagedLine || error instanceof DamagedLog) return false;
    throw error;
  }
}
