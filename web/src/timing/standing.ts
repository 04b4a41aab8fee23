/** How live the page is, in one word and one sentence: it never lies about time. */

import type { FeedStatus } from '../feed/model';
import type { Phase } from '../live/source';
import type { Status } from '../network/connection';

export type Standing = {
  readonly word: string;
  readonly look: 'good' | 'waiting' | 'bad' | 'over';
  /** Says what it means where that is not plain. */
  readonly sentence?: string;
};

const SILENT: Standing = {
  word: 'NOT LIVE',
  look: 'bad',
  sentence: 'Nothing is heard from the timing service; this is what was known last.',
};

const FEEDS: Readonly<Partial<Record<FeedStatus, Standing>>> = {
  stale: {
    word: 'FEED SILENT',
    look: 'waiting',
    sentence: 'The provider has sent nothing for a while; this is what it sent last.',
  },
  lost: {
    word: 'FEED LOST',
    look: 'bad',
    sentence: 'The connection to the provider is lost; this is what it sent last.',
  },
};

export function standingOf(status: Status, phase: Phase, feed: FeedStatus | undefined): Standing {
  if (status !== 'online') return phase === 'joining' ? UNCONNECTED[status] : GONE[status];
  switch (phase) {
    case 'joining':
      return { word: 'JOINING', look: 'waiting' };
    case 'closed':
      return { word: 'ENDED', look: 'over' };
    case 'silent':
      return SILENT;
    case 'live':
      return (feed && FEEDS[feed]) ?? { word: 'LIVE', look: 'good' };
  }
}

type Away = Exclude<Status, 'online'>;

const UNCONNECTED: Readonly<Record<Away, Standing>> = {
  connecting: { word: 'CONNECTING', look: 'waiting' },
  offline: {
    word: 'OFFLINE',
    look: 'bad',
    sentence: 'There is no connection to the timing system; connecting again …',
  },
};

const GONE: Readonly<Record<Away, Standing>> = {
  connecting: { word: 'RECONNECTING', look: 'waiting' },
  offline: {
    word: 'OFFLINE',
    look: 'bad',
    sentence: 'The connection is gone; this is what was known last. Connecting again …',
  },
};
