/** What stands above the table: which session, how live, which flag, and the clocks. */

import type { ReadonlySignal } from '@preact/signals';
import { type ClockField, read } from '../feed/clock';
import type { Clock, SessionValue } from '../feed/model';
import type { State } from '../feed/state';
import { type Picture, sessionTime } from '../live/source';
import { ThemeButton } from '../shell/theme';
import { ageLevel } from './feed_age';
import { age, clock, wallTime } from './formats';
import type { Standing } from './standing';
import { flagWord } from './words';

type Props = {
  readonly picture: Picture | null;
  readonly standing: Standing;
  /** Read only here, so that the table is not drawn again with every second. */
  readonly tick: ReadonlySignal<number>;
};

export function Header({ picture, standing, tick }: Props) {
  const described = picture?.state.described;
  return (
    <header class="timing-head">
      <a class="icon-button" href="#/" title="What is on air">
        <span aria-hidden="true">☰</span>
        <span class="unseen">What is on air</span>
      </a>
      <h1>
        {described ? (
          <>
            <b>{described.name}</b> <span class="quiet">{described.description}</span>
          </>
        ) : (
          'Live timing'
        )}
      </h1>
      <span class={`lamp ${standing.look}`} role="status">
        {standing.word}
      </span>
      {picture && <FeedAge picture={picture} now={tick.value} />}
      <ThemeButton />
    </header>
  );
}

function FeedAge({ picture, now }: { readonly picture: Picture; readonly now: number }) {
  const at = sessionTime(picture, now);
  if (picture.phase === 'closed' || at === null || picture.seenAt === null) return null;
  const since = at - picture.seenAt;
  return <span class={`age ${ageLevel(since)} digits`}>updated {age(since)} ago</span>;
}

export function Clocks({ picture, tick }: Pick<Props, 'picture' | 'tick'>) {
  const session = picture?.state.session;
  const at = (picture && stoppedAt(picture, tick.value)) ?? 0;
  const flag = textOf(session?.get('flag'));
  return (
    <div class="clocks">
      <SessionClock value={session?.get('elapsed')} field="elapsed" at={at} />
      <div class={`flag-bar flag ${flagWord(flag ?? 'none').look}`}>
        <b aria-live="polite">{flag === undefined ? '–' : flagWord(flag).text}</b>
        <span class="flag-facts digits">{picture && flagFacts(picture)}</span>
      </div>
      <SessionClock value={session?.get('remaining')} field="remaining" at={at} />
    </div>
  );
}

/** A session that is over has no time any more but the one it ended at. */
function stoppedAt(picture: Picture, now: number): number | null {
  return picture.state.closed?.at ?? sessionTime(picture, now);
}

function textOf(value: SessionValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isClock(value: SessionValue | undefined): value is Clock {
  return typeof value === 'object';
}

type ClockProps = {
  readonly value: SessionValue | undefined;
  readonly field: ClockField;
  readonly at: number;
};

function SessionClock({ value, field, at }: ClockProps) {
  const counts = field === 'elapsed' ? 'up' : 'down';
  return (
    <div class={`session-clock ${field}`}>
      <b class="digits">{isClock(value) ? clock(read(value, at, field), counts) : '–:––:––'}</b>
      <span class="quiet">{field}</span>
    </div>
  );
}

function flagFacts({ state, flagSince }: Picture): string {
  const facts = [
    flagSince === null ? null : `since ${wallTime(flagSince)}`,
    textOf(state.session.get('part')) ?? null,
    lapOf(state),
    textOf(state.session.get('zones')) ?? null,
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

function lapOf({ session }: State): string | null {
  const [laps, total] = [session.get('laps'), session.get('laps_total')];
  if (typeof laps !== 'number') return null;
  return typeof total === 'number' ? `lap ${laps} of ${total}` : `lap ${laps}`;
}
