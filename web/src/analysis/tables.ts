/** The base tables of one session, as they came: from a stored document, or in pages and updates. */

import { damaged, integerFrom, list, type Reader } from '../feed/shape';
import { columnsOf, heldIn } from './columns';
import { BASE, type BaseRows } from './rows';
import { type Held, Table } from './table';

export type BaseName = keyof BaseRows;

/** The rows of the base tables that hold at an instant, in the order they became known. */
export type Holding = { readonly [T in BaseName]: readonly BaseRows[T][] };

export const BASE_NAMES = Object.keys(BASE) as readonly BaseName[];

const rowNumber = integerFrom(0);
const unread = list<unknown>((value) => value);

/**
 * Of one writer. Pages and updates may come in any order and more than once; all pages read again
 * mend whatever was missed meanwhile. Where another service goes on with the session, begin anew.
 */
export class Tables {
  readonly base = byName(() => new Table<never>()) as {
    readonly [T in BaseName]: Table<BaseRows[T]>;
  };
  private readonly columns = byName((name) => columnsOf(BASE[name]));

  /**
   * Takes rows that follow each other; throws DamagedLine, and has taken none, where one is not as
   * it should be.
   *
   * @param columns what the cells of each row are, now and in the updates that follow.
   * @param from the number of the first row.
   */
  takeRows(name: BaseName, columns: readonly string[], from: number, rows: unknown): void {
    const first = rowNumber(from, `the first row of ${name}`);
    const read = list(reader(name, columns))(rows, name);
    this.columns[name] = columns;
    for (const [place, held] of read.entries()) this.put(name, first + place, held);
  }

  /** Takes rows by their numbers; throws DamagedLine, and has taken none, as `takeRows` does. */
  takeNumbered(changes: ReadonlyMap<BaseName, unknown>): void {
    const read = [...changes].map(([name, rows]) => {
      const held = reader(name, this.columns[name]);
      return [name, list(numbered(held))(rows, name)] as const;
    });
    for (const [name, rows] of read) {
      for (const [number, held] of rows) this.put(name, number, held);
    }
  }

  /** What held at an instant, epoch ms; null is now. */
  at(instant: number | null): Holding {
    return byName((name) => this.base[name].holding(instant)) as unknown as Holding;
  }

  private put<T extends BaseName>(name: T, number: number, held: Held<BaseRows[T]>): void {
    this.base[name].put(number, held);
  }
}

function byName<T>(make: (name: BaseName) => T): Record<BaseName, T> {
  return Object.fromEntries(BASE_NAMES.map((name) => [name, make(name)])) as Record<BaseName, T>;
}

function reader<T extends BaseName>(
  name: T,
  columns: readonly string[],
): Reader<Held<BaseRows[T]>> {
  return heldIn<BaseRows[T]>(BASE[name], columns, name);
}

function numbered<T>(held: Reader<T>): Reader<readonly [number, T]> {
  return (value, field) => {
    const pair = unread(value, field);
    if (pair.length !== 2) damaged(field, 'a row number and a row', value);
    return [rowNumber(pair[0], field), held(pair[1], field)];
  };
}
