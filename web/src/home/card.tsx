/** One session on air, as a way in. */

import { type ClockField, read } from '../feed/clock';
import type { Clock } from '../feed/model';
import { ageLevel } from '../timing/feed_age';
import { age, clock } from '../timing/formats';
import { flagWord } from '../timing/words';
import type { Entry } from './entry';

type Props = {
  readonly entry: Entry;
  /** The directory's time now, epoch ms. */
  readonly at: number;
};

export function Card({ entry, at }: Props) {
  const flag = flagWord(entry.flag);
  return (
    <a class="card" href={`#/timing/${entry.session}`}>
      <span class={`card-edge flag ${flag.look}`} />
      <span class="card-head">
        <span class="card-name">{entry.name}</span>
        <span class={`flag-word flag ${flag.look}`}>{flag.text}</span>
      </span>
      <span class="card-description">{entry.description}</span>
      <span class="card-clocks">
        <CardClock value={entry.elapsed} field="elapsed" at={at} />
        <CardClock value={entry.remaining} field="remaining" at={at} />
      </span>
      <span class="card-facts digits">
        <FeedAge entry={entry} at={at} />
        <span>{entry.cars === 1 ? '1 car' : `${entry.cars} cars`}</span>
        <span>{recorded(entry)}</span>
        {entry.venue !== undefined && <span>{entry.venue}</span>}
      </span>
    </a>
  );
}

type CardClockProps = {
  readonly value: Clock | undefined;
  readonly field: ClockField;
  readonly at: number;
};

function CardClock({ value, field, at }: CardClockProps) {
  if (value === undefined) return null;
  const text = clock(read(value, at, field), field === 'elapsed' ? 'up' : 'down');
  return (
    <span>
      <b class="digits">{text}</b> {field}
    </span>
  );
}

const number = new Intl.NumberFormat('en-GB');

/** Published is what viewers saw; recorded is what is safe on another disk. */
export function recorded({ recorded, next_seq, forked }: Entry): string {
  const published = next_seq - 1;
  if (recorded === null) return 'not recorded';
  if (forked) return 'recorded in two versions';
  if (recorded >= published) return 'recorded';
  return `${number.format(recorded)} of ${number.format(published)} lines recorded`;
}

function FeedAge({ entry, at }: Props) {
  if (entry.seen_at === null) return <span class="age">nothing from the feed yet</span>;
  const since = at - entry.seen_at;
  return <span class={`age ${ageLevel(since)} digits`}>updated {age(since)} ago</span>;
}
