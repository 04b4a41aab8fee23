/** The timing screen of one session. */

import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Attribution, Closed, Description } from '../feed/model';
import type { Source } from '../live/source';
import type { Status } from '../network/connection';
import type { Room } from '../shell/room';
import { Clocks, Header } from './header';
import { Messages } from './messages';
import { type Standing, standingOf } from './standing';
import { Table } from './table';
import { Track } from './track';
import { CLOSED_SENTENCES } from './words';
import './timing.css';

type Props = {
  readonly source: Source;
  readonly status: ReadonlySignal<Status>;
  /** The time of our world; moves a few times in each second. */
  readonly tick: ReadonlySignal<number>;
  readonly room: ReadonlySignal<Room>;
};

export function Timing({ source, status, tick, room }: Props) {
  const tab = useMemo(() => signal<Tab>('table'), []);
  const picture = source.picture.value;
  const state = picture?.state ?? null;
  const standing = standingOf(status.value, picture?.phase ?? 'joining', state?.feed?.status);
  useTitle(state?.described ?? null);
  return (
    <main class="timing" data-tab={tab.value}>
      <div class="timing-top">
        <Header picture={picture} standing={standing} tick={tick} />
        <Clocks picture={picture} tick={tick} />
        <Sentences
          standing={standing}
          closed={state?.closed ?? null}
          trouble={source.trouble.value}
        />
      </div>
      <Table state={state} room={room.value} />
      <div class="side">
        <Messages messages={state?.messages ?? []} />
        <Track state={state} />
        <Credit attribution={state?.described?.attribution} />
      </div>
      <Tabs tab={tab.value} choose={(chosen) => (tab.value = chosen)} />
    </main>
  );
}

function useTitle(described: Description | null): void {
  const title = described ? `${described.name} · ${described.description}` : 'Live timing';
  useEffect(() => {
    document.title = title;
  }, [title]);
}

type SentencesProps = {
  readonly standing: Standing;
  readonly closed: Closed | null;
  readonly trouble: string | null;
};

function Sentences({ standing, closed, trouble }: SentencesProps) {
  if (closed && standing.look === 'over') {
    return (
      <p class="sentence">
        {CLOSED_SENTENCES[closed.reason]}{' '}
        {closed.next === undefined ? (
          <a href="#/">What is on air</a>
        ) : (
          <a href={`#/timing/${closed.next}`}>The next session</a>
        )}
      </p>
    );
  }
  if (standing.sentence !== undefined) return <p class="sentence">{standing.sentence}</p>;
  if (trouble === null) return null;
  return (
    <p class="sentence">
      Nobody answers for this session now: it may be over, or its service is away. This page keeps
      asking. <a href="#/">What is on air</a>
    </p>
  );
}

/** A feed's own address is followed only where nobody can listen in or slip in a script. */
function Credit({ attribution }: { readonly attribution: Attribution | undefined }) {
  if (!attribution) return null;
  const { text, url } = attribution;
  return (
    <p class="credit quiet">
      {url?.startsWith('https://') ? (
        <a href={url} rel="noreferrer">
          {text}
        </a>
      ) : (
        text
      )}
    </p>
  );
}

const TABS = [
  ['table', 'Timing'],
  ['messages', 'Messages'],
  ['track', 'Track'],
] as const;

type Tab = (typeof TABS)[number][0];

/** On a phone there is room for one of them. */
function Tabs({ tab, choose }: { readonly tab: Tab; readonly choose: (tab: Tab) => void }) {
  return (
    <nav class="tabs" aria-label="Parts of this page">
      {TABS.map(([id, word]) => (
        <button key={id} type="button" aria-pressed={id === tab} onClick={() => choose(id)}>
          {word}
        </button>
      ))}
    </nav>
  );
}
