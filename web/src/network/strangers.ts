/** What came from the network and is none of ours: dropped, counted, and told once of each kind. */

const counts = new Map<string, number>();

export function drop(kind: string, error: unknown): void {
  const count = (counts.get(kind) ?? 0) + 1;
  counts.set(kind, count);
  if (count === 1) console.warn(`dropped (more of its kind are only counted): ${kind}:`, error);
}

/** How many of a kind were dropped. */
export function dropped(kind: string): number {
  return counts.get(kind) ?? 0;
}
