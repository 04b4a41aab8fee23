/** A session that is on air: the follower's questions go out over the connection. */

import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Ask } from '../feed/asking';
import { Follower, type Sight } from '../feed/follow';
import { readAnswer, readMessage, readSnapshot } from '../feed/messages';
import type { TimingEvent } from '../feed/model';
import { canonical, type State } from '../feed/state';
import type { Connection } from '../network/connection';
import { eventsProcedure, eventsTopic, snapshotProcedure } from '../network/names';
import { drop } from '../network/strangers';
import type { Cancel, World } from '../world';
import type { Canonical, Phase, Picture, Source } from './source';

const PHASES: Readonly<Record<Sight, Phase>> = {
  joining: 'joining',
  live: 'live',
  stale: 'silent',
  closed: 'closed',
};

export class LiveSource implements Source {
  readonly picture: ReadonlySignal<Picture | null>;
  readonly trouble: ReadonlySignal<string | null>;
  readonly #picture = signal<Picture | null>(null);
  readonly #trouble = signal<string | null>(null);
  readonly #follower: Follower;
  #leave: Cancel = () => {};
  #wake: Cancel = () => {};
  #framed = false;
  #changedAt = 0;
  #flagSince: number | null = null;

  constructor(
    private readonly session: string,
    private readonly connection: Pick<Connection, 'subscribe' | 'call' | 'status'>,
    private readonly world: Pick<World, 'now' | 'random' | 'after' | 'frame'>,
  ) {
    this.picture = this.#picture;
    this.trouble = this.#trouble;
    this.#follower = new Follower(session, world.random, (event) => this.#moved(event));
  }

  open(): void {
    const unsubscribe = this.connection.subscribe({
      topic: eventsTopic(this.session),
      heard: (args) => this.#hear(args),
      subscribed: () => this.#do((now) => this.#follower.subscribed(now)),
    });
    const unwatch = effect(() => {
      if (this.connection.status.value !== 'online') this.#lose();
    });
    this.#leave = () => {
      unsubscribe();
      unwatch();
    };
  }

  close(): void {
    this.#leave();
    this.#wake();
    this.#follower.lost();
  }

  canonical(): Canonical | null {
    const { state, writer, seq } = this.#follower;
    if (state === null || writer === null) return null;
    return { session: this.session, writer, seq, text: canonical(state) };
  }

  #lose(): void {
    this.#follower.lost();
    this.#trouble.value = null;
  }

  #hear(args: readonly unknown[]): void {
    const message = readMessage(args);
    if (message === undefined) drop('a message about a session', args);
    else this.#do((now) => this.#follower.message(message, now));
  }

  #do(step: (now: number) => Ask | null): void {
    const ask = step(this.#now());
    if (ask !== null) this.#call(ask);
    this.#sleep();
    this.#show();
  }

  /** The follower counts in seconds. */
  #now(): number {
    return this.world.now() / 1000;
  }

  #call(ask: Ask): void {
    const { from_seq, limit } = ask;
    const answer =
      from_seq === null
        ? this.connection.call(snapshotProcedure(this.session), [null])
        : this.connection.call(eventsProcedure(this.session), [from_seq, limit]);
    answer.then(
      (json) => this.#answer(ask, json),
      (error: unknown) => this.#fail(ask, String(error)),
    );
  }

  #answer(ask: Ask, json: unknown): void {
    const answer = ask.from_seq === null ? readSnapshot(json) : readAnswer(json);
    if (answer === undefined) {
      drop('an answer about a session', json);
      this.#fail(ask, 'an answer that cannot be read');
    } else {
      this.#trouble.value = null;
      this.#do((now) => this.#follower.answered(ask, answer, now));
    }
  }

  #fail(ask: Ask, what: string): void {
    const isOnline = this.connection.status.value === 'online';
    if (isOnline && this.#follower.state === null) this.#trouble.value = what;
    this.#do((now) => {
      this.#follower.failed(ask, now);
      return null;
    });
  }

  #sleep(): void {
    this.#wake();
    const { wakeAt } = this.#follower;
    if (wakeAt === null) return;
    const then = () => this.#do((now) => this.#follower.tick(now));
    this.#wake = this.world.after(Math.max(0, 1000 * (wakeAt - this.#now())), then);
  }

  /** A step of the state; a snapshot in its place is told as null. */
  #moved(event: TimingEvent | null): void {
    const { state } = this.#follower;
    if (event === null) this.#flagSince = state && flagSince(state);
    else if (event.type === 'changed') {
      this.#changedAt = event.at;
      if (event.session?.has('flag')) this.#flagSince = event.at;
    }
  }

  #show(): void {
    if (this.#framed) return;
    this.#framed = true;
    this.world.frame(() => {
      this.#framed = false;
      this.#picture.value = this.#look();
    });
  }

  #look(): Picture | null {
    const { state, clock } = this.#follower;
    if (state === null) return null;
    return {
      state,
      phase: PHASES[this.#follower.sight(this.#now())],
      beat: clock && { now: clock.now, heardAt: 1000 * clock.heard_at },
      seenAt: Math.max(clock?.seen_at ?? 0, this.#changedAt) || null,
      flagSince: this.#flagSince,
    };
  }
}

/** The state has no such instant, but the message that told of the flag has. */
function flagSince({ session, messages }: State): number | null {
  const flag = session.get('flag');
  return messages.findLast(({ style }) => style !== undefined && style === flag)?.at ?? null;
}
