/** Times, gaps, speeds and clocks as a timing screen writes them: rounded once, then split. */

import type { Cell, CellValue, ColumnType, Mark } from '../feed/model';

const US = 1_000_000;

/** `S.fff`, from a minute on `M:SS.fff`, from an hour on `H:MM:SS.fff`. */
export function duration(value_us: number, decimals = 3): string {
  const unit = 10 ** decimals;
  const rounded = Math.round((Math.abs(value_us) / US) * unit);
  const sign = value_us < 0 && rounded > 0 ? '-' : '';
  const whole = Math.floor(rounded / unit);
  const fraction = decimals > 0 ? `.${String(rounded % unit).padStart(decimals, '0')}` : '';
  return `${sign}${whole < 60 ? whole : clockwise(whole, 3600)}${fraction}`;
}

/** `H:MM:SS`; what has passed is cut and what remains is rounded up, so both change together. */
export function clock(value_us: number, counts: 'up' | 'down'): string {
  const seconds = Math.max(0, value_us) / US;
  return clockwise(counts === 'up' ? Math.floor(seconds) : Math.ceil(seconds), 0);
}

/** With hours where there are at least so many seconds. */
function clockwise(seconds: number, hoursFrom: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const [minutes, rest] = [Math.floor(seconds / 60), two(seconds % 60)];
  if (seconds < hoursFrom) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** How long ago, in one unit: seconds, minutes, hours or days. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `HH:MM` where the reader is. */
export function wallTime(at: number): string {
  return timeOfDay.format(at);
}

export function bareValue(cell: Cell): CellValue {
  return isMarked(cell) ? cell[0] : cell;
}

export function markOf(cell: Cell): Mark | null {
  return isMarked(cell) ? cell[1] : null;
}

function isMarked(cell: Cell): cell is readonly [CellValue, Mark] {
  return Array.isArray(cell);
}

/** A cell's value by its column's type; a value of another kind is shown as it is. */
export function cellText(value: CellValue, type: ColumnType): string {
  if (typeof value === 'object') return `${value.laps} L`;
  if (typeof value === 'string') return value;
  switch (type) {
    case 'time':
    case 'gap':
      return duration(value);
    case 'speed':
      return value.toFixed(1);
    default:
      return String(value);
  }
}
