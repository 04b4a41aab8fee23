/** What tells of an analysis: the stored document, the pages of an answer, the updates. */

import {
  damaged,
  integer,
  integerFrom,
  list,
  matching,
  object,
  own,
  type Reader,
  record,
  text,
} from '../feed/shape';
import { sessionId } from '../feed/values';
import { BASE_NAMES, type BaseName, Tables } from './tables';

/** Of what a document tells: of this session, after this event. */
export type Source = {
  readonly session: string;
  readonly seq: number;
  readonly chain: string;
  readonly at: number;
};

export type Analysis = {
  /** Of the analysis; another one may answer otherwise. */
  readonly version: number;
  readonly source: Source;
  readonly tables: Tables;
};

/** Rows of one base table that follow each other; they are read when they are taken. */
export type Page = {
  readonly writer: number;
  /** The event after which the table stood so. */
  readonly seq: number;
  readonly version: number;
  readonly table: BaseName;
  readonly columns: readonly string[];
  readonly rows: readonly unknown[];
  /** The number of the row that comes after these. */
  readonly next_row: number;
};

const count = integerFrom(0);
const unread: Reader<unknown> = (value) => value;
const columns = list(text);
const table = record<Pick<Page, 'columns' | 'rows'>>({ columns, rows: list(unread) });

const baseName: Reader<BaseName> = (value, field) =>
  BASE_NAMES.find((name) => name === value) ?? damaged(field, 'a base table', value);

const head = record<{ analysis: number; source: Source; tables: object }>({
  analysis: integerFrom(1),
  source: record<Source>({
    session: sessionId,
    seq: count,
    chain: matching(/^[0-9a-f]{16}$/),
    at: integer,
  }),
  tables: object,
});

const page = record<Page>({
  writer: count,
  seq: count,
  version: integerFrom(1),
  table: baseName,
  columns,
  rows: list(unread),
  next_row: count,
});

/** Reads a stored document, once parsed; throws DamagedLine where it has the wrong shape. */
export function readDocument(json: unknown): Analysis {
  const { analysis: version, source, tables: told } = head(json, '');
  const tables = new Tables();
  for (const name of BASE_NAMES) {
    const { columns, rows } = table(own(object(told, 'tables'), name), `tables.${name}`);
    tables.takeRows(name, columns, 0, rows);
  }
  return { version, source, tables };
}

/** Reads the answer to a question for a base table; throws DamagedLine where it is none. */
export function readPage(json: unknown): Page {
  return page(parsed(json), '');
}

/** Takes what was asked for; throws DamagedLine, and has taken none, where a row is damaged. */
export function takePage(tables: Tables, { table, columns, rows, next_row }: Page): void {
  tables.takeRows(table, columns, next_row - rows.length, rows);
}

/** Takes an update, `{table:[[row_number,row]…]}`; of tables that we do not know nothing. */
export function takeUpdate(tables: Tables, json: unknown): void {
  const told = object(parsed(json), 'update');
  const known = BASE_NAMES.filter((name) => Object.hasOwn(told, name));
  tables.takeNumbered(new Map(known.map((name) => [name, told[name]])));
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return damaged('answer', 'JSON text', text);
  try {
    return JSON.parse(text);
  } catch {
    return damaged('answer', 'JSON text', text);
  }
}
