import { expect, it } from 'vitest';
import { readTableArtifact, tablePlace } from './readTableArtifact';

it.each([
  ['rollouts.json', { name: 'rollouts' }],
  ['eval/gsm8k.json', { name: 'eval/gsm8k' }],
  ['val_step10.json', { name: 'val', step: 10 }],
  ['rollouts/step_3.json', { name: 'rollouts', step: 3 }],
  ['step5.json', { name: 'step5' }],
  ['missteps.json', { name: 'missteps' }],
  ['model.pt', undefined],
  ['.json', undefined],
  [`${'x'.repeat(300)}.json`, undefined],
])('%s is of the table %j', (path, place) => {
  expect(tablePlace(path)).toEqual(place);
});

it('reads a list of objects as verl writes it, and a table of pandas', async () => {
  const verl = Buffer.from('[{"input": "p", "output": "r", "score": 1.0}, {"input": "q", "score": NaN}]');
  expect((await readTableArtifact(verl, undefined)).table).toEqual({
    columns: [
      { name: 'prompt', role: 'prompt' },
      { name: 'response', role: 'response' },
      { name: 'score', role: 'reward' },
    ],
    rows: [
      ['p', 'r', 1],
      ['q', null, 'NaN'],
    ],
  });
  const pandas = (rows: unknown[][]) => Buffer.from(JSON.stringify({ columns: ['step', 'x'], data: rows }));
  const { state } = await readTableArtifact(pandas([[1, 'a']]), undefined);
  const again = await readTableArtifact(
    pandas([
      [1, 'a'],
      [2, 'b'],
    ]),
    state,
  );
  expect(again.table.rows).toEqual([[2, 'b']]);
});

it('reads columns of any name', async () => {
  const bytes = Buffer.from('[{"toString": 1, "__proto__": 2}, {}]');
  expect((await readTableArtifact(bytes, undefined)).table).toMatchObject({
    columns: ['toString', '__proto__'],
    rows: [
      [1, 2],
      [null, null],
    ],
  });
});

it.each(['[1]', '[]', '{}', '"x"', '{"columns": [], "data": []}', '[{"a": 1}', ''])('refuses %s', async (text) => {
  await expect(readTableArtifact(Buffer.from(text), undefined)).rejects.toThrow();
});

it('refuses records whose names differ so much that their table would be far larger', async () => {
  const records = Array.from({ length: 19_000 }, (_, i) => ({ [`a${i}`]: 1 }));
  await expect(readTableArtifact(Buffer.from(JSON.stringify(records)), undefined)).rejects.toMatchObject({
    code: 'limit_exceeded',
  });
});
