/** How old the feed is, and from when on that is worth a colour. */

const WARN_MS = 30_000;
const ALARM_MS = 60_000;

export type Level = 'fresh' | 'warn' | 'alarm';

export function ageLevel(ms: number): Level {
  if (ms >= ALARM_MS) return 'alarm';
  return ms >= WARN_MS ? 'warn' : 'fresh';
}
