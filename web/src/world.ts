/** Time, chance and sockets, handed in so that a test decides about them. */

export type Cancel = () => void;

export type World = {
  /** Milliseconds that never go back; where they begin means nothing. */
  readonly now: () => number;
  /** From 0 up to but not 1. */
  readonly random: () => number;
  readonly after: (ms: number, then: () => void) => Cancel;
  /** Before the screen is painted the next time; never while nobody sees it. */
  readonly frame: (then: () => void) => void;
  readonly socket: typeof WebSocket;
};

export function browser(): World {
  return {
    now: () => performance.now(),
    random: Math.random,
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    frame: (then) => {
      requestAnimationFrame(then);
    },
    socket: WebSocket,
  };
}
