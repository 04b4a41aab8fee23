/** The page that the address asks for. */

import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Directory } from './home/directory';
import { Home } from './home/home';
import { LiveSource } from './live/live';
import type { Connection } from './network/connection';
import type { Room } from './shell/room';
import type { Route } from './shell/route';
import { show } from './shell/shown';
import { Timing } from './timing/timing';
import type { World } from './world';

type Props = {
  readonly connection: Connection;
  readonly world: World;
  readonly route: ReadonlySignal<Route>;
  readonly tick: ReadonlySignal<number>;
  readonly room: ReadonlySignal<Room>;
};

export function App({ connection, world, route, tick, room }: Props) {
  const directory = useMemo(() => new Directory(connection, world), [connection, world]);
  const { status } = connection;
  switch (route.value.page) {
    case 'home':
      return <Home directory={directory} status={status} tick={tick} />;
    case 'timing':
      return (
        <Live key={route.value.session} {...{ connection, world, tick, room }} {...route.value} />
      );
    case 'unknown':
      return <Nowhere />;
  }
}

type LiveProps = Omit<Props, 'route'> & { readonly session: string };

function Live({ session, connection, world, tick, room }: LiveProps) {
  const source = useMemo(
    () => new LiveSource(session, connection, world),
    [session, connection, world],
  );
  useEffect(() => {
    source.open();
    show(source);
    return () => {
      show(null);
      source.close();
    };
  }, [source]);
  return <Timing source={source} status={connection.status} tick={tick} room={room} />;
}

function Nowhere(): ComponentChildren {
  return (
    <main class="home">
      <h1>There is no such page</h1>
      <p class="sentence">
        <a href="#/">What is on air</a>
      </p>
    </main>
  );
}
