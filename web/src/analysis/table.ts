/** One base table: rows that are never deleted, and say when they became known and withdrawn. */

/** A row, and when it held: `withdrawn_at` is null while it does. */
export type Held<Row> = {
  readonly row: Row;
  readonly known_at: number;
  readonly withdrawn_at: number | null;
};

export class Table<Row> {
  private readonly held = new Map<number, Held<Row>>();
  private last = -1;
  private isOrdered = true;

  /** Rows by their numbers, which count from 0 in the order in which rows became known. */
  get rows(): ReadonlyMap<number, Held<Row>> {
    this.order();
    return this.held;
  }

  /** The number of the first row that has not come: from there on there is more to ask for. */
  get missing(): number {
    if (this.held.size > this.last) return this.held.size;
    let number = 0;
    while (this.held.has(number)) number += 1;
    return number;
  }

  /** Takes a row, in whatever order rows come. */
  put(number: number, held: Held<Row>): void {
    const known = this.held.get(number);
    // An answer may be older than the update that overtook it, and nothing withdrawn comes back.
    if (known && known.withdrawn_at !== null) return;
    if (!known && number < this.last) this.isOrdered = false;
    this.last = Math.max(this.last, number);
    this.held.set(number, held);
  }

  /** The rows that held at an instant, in the order they became known; null is now. */
  holding(at: number | null): Row[] {
    const found: Row[] = [];
    for (const { row, known_at, withdrawn_at } of this.rows.values()) {
      const holds = withdrawn_at === null || (at !== null && withdrawn_at > at);
      if (holds && (at === null || known_at <= at)) found.push(row);
    }
    return found;
  }

  private order(): void {
    if (this.isOrdered) return;
    const sorted = [...this.held].sort(([a], [b]) => a - b);
    this.held.clear();
    for (const [number, held] of sorted) this.held.set(number, held);
    this.isOrdered = true;
  }
}
