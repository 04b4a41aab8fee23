/** How much room the window has: a phone, a desk or a wall. */

import { type ReadonlySignal, signal } from '@preact/signals';

export type Room = 'narrow' | 'medium' | 'wide';

const NARROW = '(max-width: 800px)';
const WIDE = '(min-width: 1800px)';

/** Follows the window. */
export function followRoom(): ReadonlySignal<Room> {
  const [narrow, wide] = [matchMedia(NARROW), matchMedia(WIDE)];
  const look = (): Room => {
    if (narrow.matches) return 'narrow';
    return wide.matches ? 'wide' : 'medium';
  };
  const room = signal(look());
  for (const query of [narrow, wide]) {
    query.addEventListener('change', () => {
      room.value = look();
    });
  }
  return room;
}
