import { expect, test } from 'vitest';
import { routeOf } from './route';

const SESSION = '5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b';

test.each(['', '#', '#/'])('the address %j is home', (hash) => {
  expect(routeOf(hash)).toEqual({ page: 'home' });
});

test('a session has its own address', () => {
  expect(routeOf(`#/timing/${SESSION}`)).toEqual({ page: 'timing', session: SESSION });
});

test.each(['#/timing', '#/timing/x', `#/timing/${SESSION}/more`, '#/toString', `#/${SESSION}`])(
  'the address %j leads nowhere',
  (hash) => {
    expect(routeOf(hash)).toEqual({ page: 'unknown' });
  },
);
