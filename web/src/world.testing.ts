/** A world whose time moves only when told to. */

import type { World } from './world';

type Timer = { readonly at: number; readonly then: () => void };

export class StillWorld implements World {
  socket = undefined as unknown as typeof WebSocket;
  chance = 0.5;
  #time = 1_000;
  #frames: (() => void)[] = [];
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.#time;
  readonly random = (): number => this.chance;

  readonly after = (ms: number, then: () => void) => {
    const timer = { at: this.#time + ms, then };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  readonly frame = (then: () => void): void => {
    this.#frames.push(then);
  };

  /** Lets time pass, and everything happen that was to happen in it. */
  async pass(ms: number): Promise<void> {
    await settle();
    const end = this.#time + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.#time = Math.max(this.#time, next.at);
      next.then();
      await settle();
    }
    this.#time = end;
  }

  /** Paints the screen once. */
  paint(): void {
    for (const then of this.#frames.splice(0)) then();
  }
}

/** Lets promises that are fulfilled have their say. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
