/** What is on air: heard whenever it changes, and asked for after each join until it is heard. */

import { type ReadonlySignal, signal } from '@preact/signals';
import type { Connection } from '../network/connection';
import { LIST, PUBLIC_DIRECTORY } from '../network/names';
import { drop } from '../network/strangers';
import type { Cancel, World } from '../world';
import { type Listing, readListing } from './entry';

const AGAIN_MS = 1_000;
const AGAIN_AT_MOST_MS = 15_000;

export type Heard = Listing & {
  /** When we got it, in the time of our world. */
  readonly heardAt: number;
};

export class Directory {
  readonly listing: ReadonlySignal<Heard | null>;
  readonly #listing = signal<Heard | null>(null);
  #attempt = 0;
  #next: Cancel = () => {};

  constructor(
    private readonly connection: Pick<Connection, 'subscribe' | 'call'>,
    private readonly world: Pick<World, 'now' | 'after'>,
  ) {
    this.listing = this.#listing;
  }

  /** Listens until it is cancelled. */
  open(): Cancel {
    const leave = this.connection.subscribe({
      topic: PUBLIC_DIRECTORY,
      heard: ([json]) => this.#take(json),
      subscribed: () => this.#ask(++this.#attempt, AGAIN_MS),
    });
    return () => {
      leave();
      this.#next();
      this.#attempt += 1;
    };
  }

  /** The answer to an older attempt counts too: what it says was true when it was said. */
  #ask(attempt: number, again: number): void {
    this.#next();
    this.connection.call(LIST).then(
      (json) => this.#take(json),
      () => {
        if (attempt !== this.#attempt) return;
        const then = () => this.#ask(attempt, Math.min(2 * again, AGAIN_AT_MOST_MS));
        this.#next = this.world.after(again, then);
      },
    );
  }

  #take(json: unknown): void {
    try {
      const listing = readListing(json);
      if (listing.at < (this.#listing.value?.at ?? 0)) return;
      this.#next();
      this.#listing.value = { ...listing, heardAt: this.world.now() };
    } catch (error) {
      drop('a listing of the directory', error);
    }
  }
}
