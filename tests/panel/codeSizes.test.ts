import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

/** Bytes of a built file as they travel, compressed. */
const travelling = (name: string) => gzipSync(readFileSync(new URL(`../../dist/${name}`, import.meta.url))).length;

// What a dashboard loads before it shows anything. The reader, the group and the rest come when somebody asks for them.
it.each([
  ['panel/module.js', 60_000],
  ['metrics/module.js', 18_000],
  ['datasource/module.js', 53_000],
  ['module.js', 8_000],
])('keeps what is loaded first small: %s', (name, limit) => {
  expect(travelling(name)).toBeLessThan(limit);
});

it('has the reader apart', () => {
  const first = readFileSync(new URL('../../dist/panel/module.js', import.meta.url), 'utf8');
  const rest = readdirSync(new URL('../../dist/panel/', import.meta.url)).filter((name) => /^\d+\..*\.js$/.test(name));
  const ofReader = 'The row could not be read';
  expect(first).not.toContain(ofReader);
  expect(
    rest.some((name) => readFileSync(new URL(`../../dist/panel/${name}`, import.meta.url), 'utf8').includes(ofReader)),
  ).toBe(true);
});
