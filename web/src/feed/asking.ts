/** When to ask: one call at a time, each for a limited time, failures with growing pauses. */

/** A question for whoever answers for the session; its answer belongs to this very object. */
export type Ask = {
  readonly attempt: number;
  /** The first line wanted; null asks for the snapshot. */
  readonly from_seq: number | null;
  readonly limit: number;
};

/** A call that takes longer has failed. */
const CALL_S = 5;
/** A hole is asked for after the first and a random part of the second: not by all at once. */
const LEAST_S = 0.1;
const SPREAD_S = 0.9;
/** Between them the pauses after failures double. */
const FIRST_PAUSE_S = 1;
const LONGEST_PAUSE_S = 30;

const NEVER = Number.POSITIVE_INFINITY;
const LONG_AGO = Number.NEGATIVE_INFINITY;

export class Asking {
  private attempts = 0;
  private pending: Ask | null = null;
  private askedAt = LONG_AGO;
  private notBefore = LONG_AGO;
  private pause_s = FIRST_PAUSE_S;
  private dueAt = NEVER;

  /** `random` draws a number from 0 to 1. */
  constructor(private readonly random: () => number) {}

  /** When something is to be done here: a call has taken too long, or one is due. */
  get wakeAt(): number {
    return this.pending === null ? this.dueAt : this.askedAt + CALL_S;
  }

  /** Take no answer to what was asked before, and be ready to ask at once. */
  startAnew(): void {
    this.pending = null;
    this.notBefore = LONG_AGO;
    this.pause_s = FIRST_PAUSE_S;
    this.dueAt = NEVER;
  }

  /** Ask, if that is allowed now; where a pause goes on, it is due at its end anyway. */
  begin(now: number, from_seq: number | null, limit: number): Ask | null {
    if (this.pending !== null || now < this.notBefore) return null;
    this.attempts += 1;
    this.pending = { attempt: this.attempts, from_seq, limit };
    this.askedAt = now;
    this.dueAt = NEVER;
    return this.pending;
  }

  /** Whether this is the call under way; then it is over. */
  end(ask: Ask): boolean {
    if (ask !== this.pending) return false;
    this.pending = null;
    return true;
  }

  /** Whether the call under way has taken too long; then it is over. */
  expire(now: number): boolean {
    if (this.pending === null || now < this.askedAt + CALL_S) return false;
    this.pending = null;
    return true;
  }

  /** Whether the moment to ask has come; it comes once. */
  isDue(now: number): boolean {
    if (this.pending !== null || now < this.dueAt) return false;
    this.dueAt = NEVER;
    return true;
  }

  /** Ask in a moment, unless a call is under way or due. */
  soon(now: number): void {
    if (this.pending !== null || this.dueAt !== NEVER) return;
    this.dueAt = now + LEAST_S + SPREAD_S * this.random();
  }

  /** Nothing came of it: ask again after a pause, the next time after a longer one. */
  slow(now: number): void {
    this.notBefore = now + this.pause_s * (0.75 + 0.5 * this.random());
    this.dueAt = this.notBefore;
    this.pause_s = Math.min(2 * this.pause_s, LONGEST_PAUSE_S);
  }

  /** Somebody is there: pauses are short again; this one ends a second after the last call. */
  reset(): void {
    this.pause_s = FIRST_PAUSE_S;
    const earlier = this.askedAt + FIRST_PAUSE_S;
    if (earlier >= this.notBefore) return;
    if (this.dueAt === this.notBefore) this.dueAt = earlier;
    this.notBefore = earlier;
  }
}
