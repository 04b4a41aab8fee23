/**
 * A follower of one live session: what happened goes in, what to ask for comes out.
 * The twin of livetiming/network/follow, which says the same in the same order.
 */

import { type Ask, Asking } from './asking';
import { Heard, SILENT_S } from './heard';
import type { Answer, Beacon, Lines, SnapshotAnswer } from './messages';
import { type Moved, Replica } from './replica';
import type { State } from './state';
import { type Room, type Run, Waiting } from './waiting';

/** How much is kept and asked for. */
export type Limits = Room & {
  /** So many lines are asked for at once. */
  readonly answer_lines: number;
  /** With more lines to catch up than this, the snapshot is taken. */
  readonly far_behind: number;
};

export const LIMITS: Limits = {
  waiting_lines: 500,
  waiting_bytes: 2 * 1024 * 1024,
  answer_lines: 500,
  far_behind: 2_000,
};

/** What a writer said of the time, and when it was heard (seconds of the follower's clock). */
export type SessionClock = {
  readonly writer: number;
  readonly now: number;
  readonly seen_at: number | null;
  readonly heard_at: number;
};

/** What a session's clock shows, epoch ms; `rate` is how fast the session runs. */
export function clockAt(clock: SessionClock, now: number, rate: number): number {
  return clock.now + rate * 1000 * (now - clock.heard_at);
}

/** What a viewer sees: nothing yet, the session, what was there when its writer fell silent. */
export type Sight = 'joining' | 'live' | 'stale' | 'closed';

/** So often a follower looks whether it lacks something. */
const LOOK_S = 2.5;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * The state of one session, kept up with its writer; without clock, timer or socket.
 * Each input says when it happened, in seconds of one monotonic clock, and returns the call to
 * make now, if any. At `wakeAt` the owner calls `tick`.
 */
export class Follower {
  /** What the writer last said of the time. */
  clock: SessionClock | null = null;
  private readonly replica: Replica;
  private readonly asking: Asking;
  private readonly heard = new Heard();
  private readonly waiting: Waiting;
  private again = false;
  private isSubscribed = false;
  private quietSince = NEVER;
  private heardAt = NEVER;
  private lookAt = NEVER;

  /** `random` draws a number from 0 to 1. */
  constructor(
    session: string,
    random: () => number,
    moved: Moved = () => {},
    private readonly limits: Limits = LIMITS,
  ) {
    this.replica = new Replica(session, moved);
    this.asking = new Asking(random);
    this.waiting = new Waiting(limits);
  }

  /** The one whose lines were applied; null before the first snapshot. */
  get writer(): number | null {
    return this.replica.writer;
  }

  /** The last line applied; 0 before the first. */
  get seq(): number {
    return this.replica.seq;
  }

  /** After the last line applied; to be read only. */
  get state(): State | null {
    return this.replica.state;
  }

  /** When to call `tick`; null while there is nothing to wait for. */
  get wakeAt(): number | null {
    return this.isSubscribed ? Math.min(this.lookAt, this.asking.wakeAt) : null;
  }

  /** What a viewer sees. */
  sight(now: number): Sight {
    if (this.state === null) return 'joining';
    if (this.replica.isClosed) return 'closed';
    return this.silence_s(now) >= SILENT_S ? 'stale' : 'live';
  }

  /** How long no writer was heard; since the first subscription where none ever was. */
  silence_s(now: number): number {
    return Math.max(0, now - this.heardAt);
  }

  /** The topic is subscribed to, for the first time or again: earlier answers are void. */
  subscribed(now: number): Ask | null {
    this.isSubscribed = true;
    this.quietSince = now;
    this.heardAt = Math.min(this.heardAt, now);
    this.lookAt = now + LOOK_S;
    this.asking.startAnew();
    return this.ask(now);
  }

  /** The connection is gone; what was asked will not be answered. */
  lost(): void {
    this.isSubscribed = false;
    this.asking.startAnew();
  }

  /** Something came on the topic. */
  message(message: Lines | Beacon, now: number): Ask | null {
    const { writer } = message;
    this.heard.note(writer, now);
    this.quietSince = now;
    this.heardAt = now;
    if (writer !== this.wanted(now)) return null;
    this.asking.reset();
    this.waiting.of(writer);
    if ('lines' in message) return this.follow(message, now);
    this.setClock({ writer, now: message.now, seen_at: message.seen_at, heard_at: now });
    return this.follow({ first_seq: message.next_seq, lines: [] }, now);
  }

  /** A call was answered; nothing comes of it where it is not the last one made. */
  answered(ask: Ask, answer: Answer | SnapshotAnswer, now: number): Ask | null {
    if (!this.asking.end(ask)) return null;
    return 'lines' in answer ? this.onEvents(answer, now) : this.onSnapshot(answer, now);
  }

  /** A call ended with an error, or with an answer that is none. */
  failed(ask: Ask, now: number): void {
    if (this.asking.end(ask)) this.asking.slow(now);
  }

  /** Time has passed. */
  tick(now: number): Ask | null {
    if (!this.isSubscribed) return null;
    if (this.asking.expire(now)) this.asking.slow(now);
    let due = this.asking.isDue(now);
    if (now >= this.lookAt) {
      this.lookAt = now + LOOK_S;
      due = true;
    }
    return due && this.lacks(now) ? this.ask(now) : null;
  }

  /** Take what the writer to follow said; a beacon is lines without lines. */
  private follow(run: Run, now: number): Ask | null {
    this.waiting.reaches(run.first_seq + run.lines.length - 1);
    if (this.waiting.writer !== this.writer) {
      this.waiting.put(run);
      return this.ask(now);
    }
    this.receive(run, now);
    if (this.isBehind()) this.asking.soon(now);
    return null;
  }

  /** Apply lines of our writer, and those that waited for them; or let them wait. */
  private receive(run: Run, now: number): void {
    if (run.first_seq > this.seq + 1) {
      this.waiting.put(run);
      return;
    }
    this.advance(run, now);
    this.drain(now);
  }

  private drain(now: number): void {
    while (this.waiting.writer === this.writer) {
      const run = this.waiting.take(this.seq + 1);
      if (run === null) return;
      this.advance(run, now);
    }
  }

  /** Apply lines; where they do not fit, take the snapshot again, once a second at most. */
  private advance(run: Run, now: number): void {
    if (this.replica.advance(run)) return;
    this.again = true;
    this.waiting.clear();
    this.asking.slow(now);
  }

  private onSnapshot(answer: SnapshotAnswer, now: number): Ask | null {
    const { writer, next_seq, seen_at } = answer;
    if (!this.take(answer, this.wanted(now))) {
      this.asking.slow(now);
      return null;
    }
    if (this.clock?.writer !== writer) {
      this.clock = { writer, now: answer.now, seen_at, heard_at: now };
    }
    if (this.writer !== this.wanted(now)) {
      this.asking.slow(now);
      return null;
    }
    this.waiting.of(writer);
    this.waiting.reaches(next_seq - 1);
    this.asking.reset();
    this.drain(now);
    if (this.isBehind()) this.asking.soon(now);
    return null;
  }

  /** Take a snapshot, unless it is of an older writer, or a late one of ours. */
  private take({ writer, snapshot }: SnapshotAnswer, wanted: number | null): boolean {
    const least_seq = this.again ? this.seq : this.seq + 1;
    this.again = false;
    if (this.writer !== null && wanted !== null && writer < wanted) return false;
    return this.replica.take(writer, snapshot, least_seq);
  }

  private onEvents(answer: Answer, now: number): Ask | null {
    const { writer, from_seq, next_seq, lines } = answer;
    if (writer !== this.writer) return this.onOther(writer, now);
    const before = this.seq;
    if (writer === this.wanted(now)) {
      this.waiting.of(writer);
      this.waiting.reaches(next_seq - 1);
    }
    this.receive({ first_seq: from_seq, lines }, now);
    return this.goOn(now, this.seq > before);
  }

  /** Lines of another writer say only that its snapshot is needed. */
  private onOther(writer: number, now: number): Ask | null {
    const wanted = this.wanted(now);
    if (wanted !== null && writer < wanted) {
      this.asking.slow(now);
      return null;
    }
    this.again = true;
    return this.ask(now);
  }

  /** Ask for the next lines, or after a pause if nothing came of it. */
  private goOn(now: number, progress: boolean): Ask | null {
    if (this.again) return null;
    if (this.isBehind() || this.needsSnapshot(now)) {
      if (progress) return this.ask(now);
      this.asking.slow(now);
    } else if (this.isSilent(now)) {
      this.asking.slow(now);
    }
    return null;
  }

  /** The writer to follow. */
  private wanted(now: number): number | null {
    return this.heard.newest(now) ?? this.writer;
  }

  private needsSnapshot(now: number): boolean {
    return this.writer === null || this.again || this.writer !== this.wanted(now);
  }

  /** Whether our writer is known to have more lines. */
  private isBehind(): boolean {
    return this.waiting.writer === this.writer && this.waiting.head > this.seq;
  }

  /** Whether last lines may have been lost and no beacon will ever tell. */
  private isSilent(now: number): boolean {
    return !this.replica.isClosed && now - this.quietSince >= SILENT_S;
  }

  private lacks(now: number): boolean {
    return this.needsSnapshot(now) || this.isBehind() || this.isSilent(now);
  }

  private ask(now: number): Ask | null {
    if (!this.isSubscribed) return null;
    const far = this.isBehind() && this.waiting.head - this.seq > this.limits.far_behind;
    const from_seq = far || this.needsSnapshot(now) ? null : this.seq + 1;
    return this.asking.begin(now, from_seq, this.limits.answer_lines);
  }

  /** A writer's clock never goes back; one that does was told late. */
  private setClock(clock: SessionClock): void {
    if (this.clock?.writer === clock.writer && clock.now < this.clock.now) return;
    this.clock = clock;
  }
}
