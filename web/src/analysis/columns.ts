/** Rows as they are stored and sent, lists in the order of some columns, read as typed rows. */

import { damaged, integer, list, nullable, type Reader } from '../feed/shape';
import type { Shape } from './rows';
import type { Held } from './table';

type Moments = Omit<Held<never>, 'row'>;

const MOMENTS: Shape<Moments> = { known_at: integer, withdrawn_at: nullable(integer) };

const cells = list<unknown>((value) => value);

/** The columns in which we would write the rows of a table. */
export function columnsOf(shape: object): readonly string[] {
  return [...Object.keys(shape), ...Object.keys(MOMENTS)];
}

/** Reads rows of a base table; throws DamagedLine at once where a column is missing. */
export function heldIn<Row extends object>(
  shape: Shape<Row>,
  columns: readonly string[],
  field: string,
): Reader<Held<Row>> {
  const row = rowIn(shape, columns, field);
  const moments = rowIn(MOMENTS, columns, field);
  return (value, where) => {
    const { known_at, withdrawn_at } = moments(value, where);
    return { row: row(value, where), known_at, withdrawn_at };
  };
}

/** Columns that we do not know are left behind. */
function rowIn<Row extends object>(
  shape: Shape<Row>,
  columns: readonly string[],
  field: string,
): Reader<Row> {
  const readers = Object.entries<Reader<unknown>>(shape).map(([name, reader]) => {
    const place = columns.indexOf(name);
    return place < 0 ? damaged(field, `a column ${name}`, columns) : { name, reader, place };
  });
  return (value, where) => {
    const came = cells(value, where);
    if (came.length !== columns.length) damaged(where, `${columns.length} cells`, value);
    const row: Record<string, unknown> = {};
    for (const { name, reader, place } of readers) {
      row[name] = reader(came[place], `${where}.${name}`);
    }
    return row as Row;
  };
}
