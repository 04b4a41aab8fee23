/**
 * What the page shows, as text: `livetiming.canonical()` in the browser's console.
 *
 * It answers whether a page, a service's log and a recording tell the same story: the text is the
 * one that a state hash is taken over (docs/log-format.md), and nothing can be changed by it.
 */

import type { Canonical, Source } from '../live/source';

let shown: Source | null = null;

export function show(source: Source | null): void {
  shown = source;
}

/** Makes it known to the console, and to tests. */
export function expose(): void {
  const canonical = (): Canonical | null => shown?.canonical() ?? null;
  Object.defineProperty(globalThis, 'livetiming', { value: Object.freeze({ canonical }) });
}
