/** Which page the address asks for: all of it stands behind the `#`, so any server will do. */

import { type ReadonlySignal, signal } from '@preact/signals';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'timing'; readonly session: string }
  | { readonly page: 'unknown' };

export function routeOf(hash: string): Route {
  const [page = '', session = '', ...more] = hash.replace(/^#?\/?/, '').split('/');
  if (page === '') return { page: 'home' };
  if (page === 'timing' && more.length === 0 && /^[0-9a-f]{32}$/.test(session)) {
    return { page: 'timing', session };
  }
  return { page: 'unknown' };
}

/** Follows the address of this page. */
export function followRoute(): ReadonlySignal<Route> {
  const route = signal(routeOf(location.hash));
  addEventListener('hashchange', () => {
    route.value = routeOf(location.hash);
  });
  return route;
}
