/** The first page: what is on air. */

import type { ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Status } from '../network/connection';
import { ThemeButton } from '../shell/theme';
import { Card } from './card';
import type { Directory, Heard } from './directory';
import './home.css';

type Props = {
  readonly directory: Directory;
  readonly status: ReadonlySignal<Status>;
  /** The time of our world; moves a few times in each second. */
  readonly tick: ReadonlySignal<number>;
};

export function Home({ directory, status, tick }: Props) {
  useEffect(() => {
    document.title = 'On air · Live timing';
    return directory.open();
  }, [directory]);
  return (
    <main class="home">
      <header class="home-head">
        <h1>On air</h1>
        <ConnectionWord status={status.value} />
        <ThemeButton />
      </header>
      <OnAir heard={directory.listing.value} status={status.value} now={tick.value} />
    </main>
  );
}

const WORDS: Readonly<Record<Status, string>> = {
  connecting: 'CONNECTING',
  online: 'ONLINE',
  offline: 'OFFLINE',
};

function ConnectionWord({ status }: { readonly status: Status }) {
  return (
    <span class={`lamp ${status}`} role="status">
      {WORDS[status]}
    </span>
  );
}

type OnAirProps = {
  readonly heard: Heard | null;
  readonly status: Status;
  readonly now: number;
};

function OnAir({ heard, status, now }: OnAirProps) {
  if (heard === null) return <p class="sentence">{WAITING[status]}</p>;
  const at = heard.at + (now - heard.heardAt);
  return (
    <>
      {status !== 'online' && (
        <p class="sentence">The connection is gone; this is what was on air before. {AGAIN}</p>
      )}
      {heard.sessions.length === 0 ? <NothingOnAir /> : null}
      <ul class="cards">
        {heard.sessions.map((entry) => (
          <li key={entry.session}>
            <Card entry={entry} at={at} />
          </li>
        ))}
      </ul>
    </>
  );
}

const AGAIN = 'Connecting again …';

const WAITING: Readonly<Record<Status, string>> = {
  connecting: 'Connecting …',
  online: 'Asking what is on air …',
  offline: `There is no connection to the timing system. ${AGAIN}`,
};

function NothingOnAir() {
  return (
    <div class="nothing">
      <p class="nothing-word">Nothing is on air</p>
      <p>A session appears here by itself as soon as its timing begins.</p>
    </div>
  );
}
