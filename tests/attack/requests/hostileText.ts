import fc from 'fast-check';

/** JSON that no parser or walker behind it may stumble over, whatever the endpoint. */
const HOSTILE = [
  '',
  ' ',
  'null',
  '[]',
  '"text"',
  '{}',
  '{"a":1}{"a":2}',
  '{"a":1,}',
  '{"a":NaN}',
  '{"a":1e400,"b":-1e400,"c":1e-400}',
  '[1e99999999999]',
  `{"n":${'9'.repeat(20_000)}}`,
  '{"__proto__":{"limit":1},"constructor":{"prototype":{}}}',
  '{"runs":["ppo"],"runs":["base"]}',
  '"\\ud800"',
  '{"\\ud800":"\\udfff"}',
  '\ufeff{}',
  '\u0000',
  `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
  '['.repeat(100_000),
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  `{"a":"${'\\'.repeat(50_001)}`,
  `[${'[],'.repeat(50_000)}[]]`,
  `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":${i}`).join()}}`,
  `"${'x'.repeat(300_000)}"`,
  '\n'.repeat(50_000),
  '{"a":1}\n'.repeat(11_000),
  `${'query('}${'{'.repeat(5_000)}`,
];

/** A body's text, broken in one of the ways in which senders and hostile people break it. */
export function hostileText(good: string): fc.Arbitrary<string | Uint8Array> {
  const place = fc.nat({ max: Math.max(0, good.length - 1) });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: place.map((at) => good.slice(0, at)) },
    { weight: 1, arbitrary: fc.constantFrom(`${good}x`, `${good}${good}`, `\ufeff${good}`, `[${good}]`) },
    // A number at some place becomes one that JavaScript cannot hold.
    { weight: 1, arbitrary: fc.constantFrom('1e400', '-0', '0.1e-400', '9'.repeat(400)).map((n) => numberIn(good, n)) },
    {
      weight: 1,
      arbitrary: fc.tuple(place, fc.nat({ max: 255 })).map(([at, byte]) => {
        const bytes = Buffer.from(good);
        bytes[at % (bytes.length || 1)] = byte;
        return bytes;
      }),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
}

const numberIn = (text: string, number: string) => text.replace(/-?\d+(\.\d+)?/, number);
