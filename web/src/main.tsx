/** Starts the page: one connection, one clock, one address. */

// First, so that every page's own style sheet has the last word.
import './shell/base.css';

import { signal } from '@preact/signals';
import { render } from 'preact';
import { App } from './app';
import { Connection } from './network/connection';
import { LIST, REALM } from './network/names';
import { followRoom } from './shell/room';
import { followRoute } from './shell/route';
import { expose } from './shell/shown';
import { restoreTheme } from './shell/theme';
import { browser } from './world';

/** Often enough that a clock never seems to miss its second. */
const TICK_MS = 200;

function start(): void {
  const world = browser();
  const url = new URL('ws', location.href.replace(/#.*/, '')).href.replace(/^http/, 'ws');
  const connection = new Connection({ url, realm: REALM, probe: LIST }, world);
  const tick = signal(world.now());
  setInterval(() => {
    tick.value = world.now();
  }, TICK_MS);
  restoreTheme();
  expose();
  connection.open();
  const place = document.getElementById('page');
  if (!place) throw new Error('index.html: expected an element #page');
  render(<App {...{ connection, world, tick }} route={followRoute()} room={followRoom()} />, place);
}

start();
