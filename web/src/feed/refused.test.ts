/** The lines that neither Python nor TypeScript may read: what one refuses, both refuse. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decode } from './decode';
import { DamagedLine } from './shape';

const PATH = fileURLToPath(new URL('../../../tests/vectors/refused.json', import.meta.url));
const REFUSED: Readonly<Record<string, string>> = JSON.parse(readFileSync(PATH, 'utf8'));

test('the file of refused lines holds some', () => {
  expect(Object.keys(REFUSED)).not.toEqual([]);
});

test.each(Object.entries(REFUSED))('a line with %s is refused', (_, line) => {
  expect(() => decode(line)).toThrow(DamagedLine);
});
