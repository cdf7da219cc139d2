import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvRecords, uniqueNames } from './csvRecords';
import { csvValue } from './csvValue';
import type { TextSource } from './textSource';

const sourceOf = (bytes: Buffer, chunk = 1024 * 1024): TextSource => ({
  isPlain: true,
  end: bytes.length,
  fault: undefined,
  isCut: false,
  async *read(from) {
    for (let at = from; at < bytes.length; at += chunk) {
      yield bytes.subarray(at, at + chunk);
    }
  },
});

async function read(text: string | Buffer, isFinal = true, from = { offset: 0, number: 0, line: 0 }) {
  const bytes = Buffer.from(text);
  const values: unknown[] = [];
  const said: string[] = [];
  let at = from;
  for await (const record of csvRecords(sourceOf(bytes), from, isFinal)) {
    at = { offset: record.offset, number: record.number, line: record.line };
    if (record.value) {
      values.push(Object.values(record.value));
    }
    if (record.fault !== undefined || record.remark !== undefined) {
      said.push(`${record.firstLine}: ${record.fault ?? record.remark}`);
    }
  }
  return { values, said, at };
}

const valuesOf = async (text: string | Buffer) => (await read(text)).values;

it('takes quotes that open a cell for quotes, and all others for text', async () => {
  expect(
    await valuesOf('a,b\n1,a 5" pipe\n2,"x ""y"", z"\r\n3,say "hi"\r\n4,"he said "no" to it, twice"\n5,""\n'),
  ).toEqual([
    [1, 'a 5" pipe'],
    [2, 'x "y", z'],
    [3, 'say "hi"'],
    [4, 'he said "no" to it, twice'],
    [5, null],
  ]);
});

it('takes a quote that never closes for text, by its line, and reads on', async () => {
  expect(await read('a,b\n1,"x\n2,y\n3,"z\n4,w\n')).toMatchObject({
    values: [
      [1, '"x'],
      [2, 'y'],
      [3, '"z'],
      [4, 'w'],
    ].slice(0),
    said: [
      '2: A quote opens a cell here and never closes; it is read as text.',
      '4: A quote opens a cell here and never closes; it is read as text.',
    ],
  });
});

it('reads backslashes before quotes, where a file is written so', async () => {
  expect(await valuesOf('a,b\n1,"say \\"hi\\", c:\\\\x"\n2,"\\\\"\n')).toEqual([
    [1, 'say "hi", c:\\x'],
    [2, '\\'],
  ]);
  expect(await valuesOf('a,b\n1,"{""x"": ""c:\\\\""}"\n2,"c:\\"\n')).toEqual([
    [1, { x: 'c:\\' }],
    [2, 'c:\\'],
  ]);
});

it.each([';', '\t', '|', ','])('finds the delimiter %j, also in a header alone', async (delimiter) => {
  const file = [
    ['step', 'text', 'x'],
    ['1', '"a, b; c|d\te"', '0.5'],
    ['2', 'plain', '1'],
  ];
  const text = file.map((cells) => cells.join(delimiter)).join('\n');
  expect(await valuesOf(text)).toEqual([
    [1, 'a, b; c|d\te', 0.5],
    [2, 'plain', 1],
  ]);
  expect((await read('step;x')).values).toEqual([]);
});

it('reads what Excel writes: its line that names the delimiter, commas in numbers, empty cells behind', async () => {
  expect(await valuesOf('sep=;\r\nstep;loss\r\n1;0,25\r\n2;1,5E-07;;\r\n')).toEqual([
    [1, 0.25],
    [2, 1.5e-7],
  ]);
});

it('takes ragged records as far as they go, and names them', async () => {
  expect(await read('a,b\n1,"two\nlines"\n2\n3,4,5\n\n6,7')).toMatchObject({
    values: [[1, 'two\nlines'], [2], [3, 4, 5], [6, 7]],
    said: [
      '4: A record has fewer cells than there are columns; those that are missing are null.',
      '5: A record has more cells than there are columns; they are kept as column_3 and so on.',
    ],
  });
});

it('takes commas for decimal points where cells are told apart otherwise, and numbers have no points', async () => {
  const values = [
    [1, 0.5],
    [2, -1234.5],
  ];
  expect(await read('step;loss\n1;0,5\n2;-1.234,5\n')).toMatchObject({ values, said: [] });
  for (const delimiter of ['\t', '|']) {
    expect(await read('step;loss\n1;0,5\n2;-1.234,5\n'.replaceAll(';', delimiter))).toMatchObject({
      values,
      said: ['1: Commas in numbers are taken for decimal points.'],
    });
  }
  expect((await read('step\tx\ty\n1\t0.5\t1,2\n')).values).toEqual([[1, 0.5, '1,2']]);
  expect((await read('step\tx\n1\t1,234\n')).values).toEqual([[1, '1,234']]);
});

it('keeps columns of one name, and those of none', async () => {
  expect(uniqueNames(['loss', ' loss ', '', 'loss.2', '', 'loss'])).toEqual([
    'loss',
    'loss.3',
    'column_3',
    'loss.2',
    'column_5',
    'loss.4',
  ]);
  expect(uniqueNames(new Array(200_000).fill('x')).at(-1)).toBe('x.200000');
});

it.each([
  ['carriage returns', 'a,b\r1,x\r2,y'],
  ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
  ['quotes around all', '"a","b"\r\n"1","x"\r\n"2","y"\r\n'],
])('reads a file with %s', async (_, text) => {
  expect(await valuesOf(text)).toEqual([
    [1, 'x'],
    [2, 'y'],
  ]);
});

it('reads what is not UTF-8 as Latin-1, says where, and keeps what is', async () => {
  const bytes = Buffer.concat([Buffer.from('a,b\n1,ü\n2,'), Buffer.from([0xfc, 0x80]), Buffer.from('\n3,\u0000é\n')]);
  expect(await read(bytes)).toMatchObject({
    values: [
      [1, 'ü'],
      [2, 'ü€'],
      [3, '\u0000é'],
    ],
    said: ['3: It is not UTF-8 here, and is read as Latin-1.'],
  });
});

it('reads on from any record as if it had never stopped, and leaves what is not finished', async () => {
  const text = 'a,b\n1,"x\ny"\n2,z\n3,"half';
  const all = await read(text, false);
  expect(all).toMatchObject({
    values: [
      [1, 'x\ny'],
      [2, 'z'],
    ],
    at: { offset: 16, number: 3, line: 4 },
  });
  const rest = await read(`${text} of it"\n`, false, all.at);
  expect(rest).toMatchObject({ values: [[3, 'half of it']], at: { number: 4, line: 5 } });
});

it('passes over a record that no call could take, and reads on', { timeout: 60_000 }, async () => {
  const long = `a,b\n1,"${'line of ""text""\n'.repeat(2_400_000)}"\n2,x\n3,"${'y'.repeat(34e6)}\n4,z\n`;
  const { values, said } = await read(long);
  expect(values).toEqual([
    [2, 'x'],
    [4, 'z'],
  ]);
  expect(said).toEqual(['2: The record is longer than 32 MB.', '2400004: The record is longer than 32 MB.']);
});

it('reads words and numbers as what they are, and nothing as a number that it does not hold', () => {
  const plain = (cell: string) => csvValue(cell, { hasCommas: false });
  const cells = [
    '1',
    '-0.5',
    '1e-6',
    '.5',
    '',
    'None',
    'True',
    'false',
    'nan',
    '-inf',
    '-',
    '007',
    '1.',
    'e5',
    '1,234',
  ];
  expect(cells.map(plain)).toEqual([
    1,
    -0.5,
    1e-6,
    0.5,
    null,
    null,
    true,
    false,
    'NaN',
    '-Infinity',
    '-',
    '007',
    '1.',
    'e5',
    '1,234',
  ]);
  expect(['9007199254740991', '9007199254740993', '-12345678901234567890', '1e400'].map(plain)).toEqual([
    9007199254740991,
    '9007199254740993',
    '-12345678901234567890',
    '1e400',
  ]);
  expect(['42', 'None', '[1]', ''].map((cell) => csvValue(cell, { role: 'response', hasCommas: false }))).toEqual([
    '42',
    'None',
    '[1]',
    null,
  ]);
});

it('reads back what was written by the rules, whatever is in the cells, cut into whatever pieces', async () => {
  const cell = fc.string({
    unit: fc.oneof(fc.constantFrom(',', '"', '\n', '\r', ';', '\\', ' ', '\u0000', 'a'), fc.string()),
  });
  const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 });
  const quoted = (text: string) => `"${text.toWellFormed().replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (written, chunk) => {
      const text = ['prompt,response,b', ...written.map((cells) => cells.map(quoted).join(','))].join('\r\n');
      const values: unknown[] = [];
      for await (const { value } of csvRecords(
        sourceOf(Buffer.from(text), chunk),
        { offset: 0, number: 0, line: 0 },
        true,
      )) {
        values.push(...(value ? [[value.prompt, value.response]] : []));
      }
      const asText = (one: string | undefined) => (one === '' ? null : one?.toWellFormed());
      expect(
        values.map((row) => (row as unknown[]).map((one) => (typeof one === 'object' && one ? 'json' : one))),
      ).toEqual(written.map(([prompt, response]) => [asText(prompt), asText(response)]));
    }),
    { numRuns: 200 },
  );
});

it('passes over the names of the columns where they come again', async () => {
  expect(await read('step,loss\n1,0.5\nstep,loss\n2,0.25\n')).toMatchObject({
    values: [
      [1, 0.5],
      [2, 0.25],
    ],
    said: ['3: The names of the columns stand here again, as in files that were put together; they are no record.'],
  });
});
