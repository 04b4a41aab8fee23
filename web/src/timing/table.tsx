/** The timing table: one row for each car, in the order of the session. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Cell, Column } from '../feed/model';
import type { State } from '../feed/state';
import type { Room } from '../shell/room';
import { TableCell } from './cell';
import { huesOf } from './classes';
import { columnsOf, isRight } from './columns';
import { bareValue, cellText } from './formats';
import { stateWord } from './words';
import './table.css';

const SLIDE_MS = 120;

type Props = { readonly state: State | null; readonly room: Room };

export function Table({ state, room }: Props) {
  const columns = state ? columnsOf(state, room) : [];
  const hues = state ? huesOf(state) : new Map<string, number>();
  const order = state?.order ?? [];
  const body = useSlides(order);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard alone must be able to scroll it
    <section class="table-panel" aria-label="Timing table" tabIndex={0}>
      <table class="timing-table">
        <caption class="unseen">Cars in the order of the session</caption>
        <Head columns={columns} />
        <tbody ref={body}>
          {order.map((id, place) => (
            <Row key={id} {...{ id, place, columns, hues }} cells={state?.cars.get(id)} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Head({ columns }: { readonly columns: readonly Column[] }) {
  return (
    <thead>
      <tr>
        <th scope="col" class="place right">
          <abbr title="Position">P</abbr>
        </th>
        {columns.map((column) => (
          <th
            key={column.id}
            scope="col"
            class={`c-${column.id}${isRight(column) ? ' right' : ''}`}
            title={column.description ?? column.title}
          >
            {column.title}
          </th>
        ))}
      </tr>
    </thead>
  );
}

type RowProps = {
  readonly id: string;
  readonly place: number;
  readonly columns: readonly Column[];
  readonly cells: ReadonlyMap<string, Cell> | undefined;
  readonly hues: ReadonlyMap<string, number>;
};

function Row({ id, place, columns, cells, hues }: RowProps) {
  return (
    <tr data-car={id} class={`row-${rowLook(cells)}`}>
      <th scope="row" class="place right">
        {place + 1}
      </th>
      {columns.map((column) => (
        <TableCell key={column.id} column={column} cell={cells?.get(column.id)} hues={hues} />
      ))}
    </tr>
  );
}

function rowLook(cells: RowProps['cells']): string {
  const cell = cells?.get('state');
  return cell === undefined ? 'run' : stateWord(cellText(bareValue(cell), 'state')).look;
}

/** Rows that change places slide there, so that the eye can follow them. */
function useSlides(order: readonly string[]) {
  const body = useRef<HTMLTableSectionElement>(null);
  const places = useRef<ReadonlyMap<string, number>>(new Map());
  const signature = order.join(' ');
  useLayoutEffect(() => {
    const before = places.current;
    places.current = new Map(order.map((id, place) => [id, place]));
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const [place, row] of [...(body.current?.rows ?? [])].entries()) {
      const moved = (before.get(order[place] ?? '') ?? place) - place;
      if (moved !== 0) slide(row, moved);
    }
  }, [signature]);
  return body;
}

function slide(row: HTMLTableRowElement, rows: number): void {
  row.animate([{ transform: `translateY(${rows * row.offsetHeight}px)` }, { transform: 'none' }], {
    duration: SLIDE_MS,
    easing: 'ease-out',
  });
}
