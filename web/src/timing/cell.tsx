/** One cell of the table; it glows for a second when its text changes. */

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Cell, Column } from '../feed/model';
import { isRight } from './columns';
import { bareValue, cellText, markOf } from './formats';
import { MARK_WORDS, stateWord } from './words';

const GLOW_MS = 1_000;

type Props = {
  readonly column: Column;
  readonly cell: Cell | undefined;
  /** Which colour each class has. */
  readonly hues: ReadonlyMap<string, number>;
};

export function TableCell({ column, cell, hues }: Props) {
  const place = useGlow(cell === undefined ? '' : JSON.stringify(cell));
  const look = `t-${column.type} c-${column.id}${isRight(column) ? ' right' : ''}`;
  return (
    <td ref={place} class={cell === undefined ? look : `${look} ${markLook(cell)}`}>
      {cell !== undefined && <Content column={column} cell={cell} hues={hues} />}
    </td>
  );
}

function Content({ column, cell, hues }: Props & { readonly cell: Cell }) {
  const value = bareValue(cell);
  const text = cellText(value, column.type);
  if (column.type === 'state') {
    const word = stateWord(text);
    return <span class={`state ${word.look}`}>{word.text}</span>;
  }
  if (column.type === 'class') return <ClassChip name={text} hues={hues} />;
  return (
    <>
      <MarkGlyph cell={cell} />
      {column.type === 'text' ? <span title={text}>{text}</span> : text}
    </>
  );
}

/** On a phone the beginning of its name has to do. */
function ClassChip({ name, hues }: { readonly name: string; readonly hues: Props['hues'] }) {
  const letters = [...name];
  return (
    <span class={`chip hue-${hues.get(name) ?? 0}`} title={name}>
      {letters.slice(0, 3).join('')}
      <span class="rest">{letters.slice(3).join('')}</span>
    </span>
  );
}

function MarkGlyph({ cell }: { readonly cell: Cell }) {
  const mark = markOf(cell);
  if (mark === null) return null;
  const { glyph, title } = MARK_WORDS[mark];
  return (
    <span class="glyph" role="img" aria-label={title} title={title}>
      {glyph}
    </span>
  );
}

function markLook(cell: Cell): string {
  const mark = markOf(cell);
  return mark === null ? '' : `mark-${mark}`;
}

function useGlow(text: string) {
  const place = useRef<HTMLTableCellElement>(null);
  const shown = useRef(text);
  useLayoutEffect(() => {
    if (shown.current === text) return;
    shown.current = text;
    if (text === '' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    place.current?.animate(
      [{ backgroundColor: 'var(--glow)' }, { backgroundColor: 'transparent' }],
      { duration: GLOW_MS, easing: 'ease-out' },
    );
  }, [text]);
  return place;
}
