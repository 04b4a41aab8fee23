/** The log of six lines in the event schema: what no reader of logs may ever see differently. */

import { expect, test } from 'vitest';
import { apply } from './apply';
import { decode } from './decode';
import { stateHash } from './hash.testing';
import { fromJson, type State, start, toJson } from './state';

const SNAPSHOT =
  '{"type":"snapshot","log":1,"session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","seq":0,"at":1781445600000,"chain":"0000000000000000","state":{"described":null,"session":{},"cars":[],"messages":[],"feed":null,"closed":null,"writer":null}}';

const LINES: readonly (readonly [line: string, hash: string])[] = [
  [
    '{"seq":1,"at":1781445600000,"type":"described","session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","writer":1781445600000,"name":"WEC","description":"Race","class":"rmonitor","key":"32","kind":"race","columns":[{"id":"num","type":"text","title":"Num"},{"id":"state","type":"state","title":"State"},{"id":"laps","type":"number","title":"Laps"},{"id":"gap","type":"gap","title":"Gap"},{"id":"best","type":"time","title":"Best"}],"track":[{"id":"air","type":"number","title":"Air","description":"°C"}],"hidden":false,"do_not_record":false,"analysis":true,"rate":1,"versions":{"livetiming":"0.1.0"}}',
    'af147ece4eba360ac8e34c75cc994649',
  ],
  [
    '{"seq":2,"at":1781445600250,"type":"changed","source_at":1781445600180,"cars":{"40":{"num":"40","state":"run","laps":46,"best":[106542000,"sb"]},"92":{"num":"92","state":"run","laps":43,"gap":{"laps":3}},"7":{"num":"007","state":"pit","laps":43,"gap":{"laps":3}}},"order":[0,["40","92","7"]],"session":{"flag":"green","remaining":{"value_us":12000000,"at":1781445600250,"runs":true},"air":21.5}}',
    '8e72cc7594c9ae42a66fd47f87d4c105',
  ],
  [
    '{"seq":3,"at":1781445601250,"type":"passed","car":"40","line":"finish","lap":47,"lap_us":108230000}',
    '8e72cc7594c9ae42a66fd47f87d4c105',
  ],
  [
    '{"seq":4,"at":1781445601250,"type":"changed","cars":{"40":{"laps":47},"7":{"state":"run","gap":153234000}},"order":[1,["7","92"]]}',
    '0492fe52ab94c28cc261ccb46edf5c4c',
  ],
  [
    '{"seq":5,"at":1781445601250,"type":"posted","category":"Pits","text":"#007 has left the pits","style":"out","car":"7","origin":"derived"}',
    '515fafd2a4b22db35565e417ddf06057',
  ],
  [
    '{"seq":6,"at":1781445612250,"type":"closed","reason":"finished"}',
    'ff3ca5330635f211ee3ddebff715e6f5',
  ],
];

const FINAL =
  '{"described":{"session":"5f0c2b7e9a4d4e1f8b3a6c7d8e9f0a1b","name":"WEC","description":"Race","class":"rmonitor","key":"32","kind":"race","columns":[{"id":"num","type":"text","title":"Num"},{"id":"state","type":"state","title":"State"},{"id":"laps","type":"number","title":"Laps"},{"id":"gap","type":"gap","title":"Gap"},{"id":"best","type":"time","title":"Best"}],"track":[{"id":"air","type":"number","title":"Air","description":"°C"}],"hidden":false,"do_not_record":false,"analysis":true,"rate":1,"versions":{"livetiming":"0.1.0"}},"session":{"flag":"green","remaining":{"value_us":12000000,"at":1781445600250,"runs":true},"air":21.5},"cars":[{"id":"40","num":"40","state":"run","laps":47,"best":[106542000,"sb"]},{"id":"7","num":"007","state":"run","laps":43,"gap":153234000},{"id":"92","num":"92","state":"run","laps":43,"gap":{"laps":3}}],"messages":[{"at":1781445601250,"category":"Pits","text":"#007 has left the pits","style":"out","car":"7","origin":"derived"}],"feed":null,"closed":{"at":1781445612250,"reason":"finished"},"writer":1781445600000}';

function fold(lines: number): State {
  return LINES.slice(0, lines).reduce((state, [line]) => apply(state, decode(line)), start());
}

test('the snapshot before the first line holds the empty state, byte for byte', () => {
  const { state } = JSON.parse(SNAPSHOT);
  expect(fromJson(state)).toEqual(start());
  expect(JSON.stringify(toJson(start()))).toBe(JSON.stringify(state));
});

test.each(LINES.map(([, hash], index) => [index + 1, hash] as const))(
  'after line %i the state has the hash %s',
  (lines, hash) => {
    expect(stateHash(fold(lines))).toBe(hash);
  },
);

test('the final state is written in the order of the schema', () => {
  expect(JSON.stringify(toJson(fold(6)))).toBe(FINAL);
});
