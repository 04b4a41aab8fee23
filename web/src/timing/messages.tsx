/** What was said during the session, the newest first. */

import type { Message } from '../feed/model';
import { wallTime } from './formats';
import { flagWord } from './words';

/** Looks of styles that are no flags; a style this page does not know looks plain. */
const LOOKS = new Map([
  ['pb', 'pb'],
  ['sb', 'sb'],
  ['pit', 'pit'],
  ['out', 'out'],
  ['race_control', 'control'],
]);

export function Messages({ messages }: { readonly messages: readonly Message[] }) {
  return (
    <section class="panel messages" aria-labelledby="messages-title">
      <h2 id="messages-title">Messages</h2>
      <p class="unseen" aria-live="polite">
        {messages.findLast(({ style }) => style === 'race_control')?.text}
      </p>
      {messages.length === 0 && <p class="quiet">Nothing was said yet.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard alone must be able to scroll */}
      <ol tabIndex={0} aria-label="Messages, the newest first">
        {messages.toReversed().map((message) => (
          <li key={JSON.stringify(message)} class={lookOf(message)}>
            <time class="digits" dateTime={new Date(message.at).toISOString()}>
              {wallTime(message.at)}
            </time>
            <span>
              <span class="category">{message.category}</span> {message.text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function lookOf({ style }: Message): string {
  if (style === undefined) return 'plain';
  return LOOKS.get(style) ?? `flag-${flagWord(style).look.split(' ')[0]}`;
}
