/** The values of the track: weather, and whatever else the provider tells about the place. */

import type { Column, SessionValue } from '../feed/model';
import type { State } from '../feed/state';
import { cellText } from './formats';

export function Track({ state }: { readonly state: State | null }) {
  const values = state ? known(state) : [];
  if (values.length === 0) return null;
  return (
    <section class="panel track" aria-labelledby="track-title">
      <h2 id="track-title">Track</h2>
      <dl class="digits">
        {values.map(([column, value]) => (
          <div key={column.id}>
            <dt>{column.title}</dt>
            <dd>
              {cellText(value, column.type)} <span class="quiet">{column.description}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function known({ described, session }: State): readonly (readonly [Column, string | number])[] {
  return (described?.track ?? []).flatMap((column) => {
    const value: SessionValue | undefined = session.get(column.id);
    return typeof value === 'string' || typeof value === 'number' ? [[column, value] as const] : [];
  });
}
