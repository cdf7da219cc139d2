import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediaRef } from '@rolloscope/contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dataUrl, png, wav } from '../../testing/mediaSamples';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-beside-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

it('takes the images and sounds that messages name beside their file, and nothing from outside of the folder', async () => {
  const folder = join(base, 'traces');
  mkdirSync(join(folder, 'images'), { recursive: true });
  mkdirSync(join(base, 'outside'));
  writeFileSync(join(folder, 'images', 'a.png'), png(30, 20));
  writeFileSync(join(folder, 'tone.wav'), wav(0.5));
  writeFileSync(join(folder, 'images', 'text.png'), 'a secret');
  writeFileSync(join(base, 'outside', 'b.png'), png(5, 5));
  symlinkSync(join(base, 'outside', 'b.png'), join(folder, 'images', 'link.png'));
  symlinkSync(join(base, 'outside'), join(folder, 'elsewhere'));
  const refused = [
    '../outside/b.png',
    join(base, 'outside', 'b.png'),
    `file://${join(base, 'outside', 'b.png')}`,
    'images/link.png',
    'elsewhere/b.png',
    'images/text.png',
    'images/none.png',
    'images',
    'https://example.com/a.png',
  ];
  const content = [
    { type: 'text', text: 'What is this? images/a.png' },
    { type: 'image_url', image_url: { url: 'images/a.png' } },
    { type: 'image', image: './images/a.png' },
    { type: 'input_image', image_url: join(folder, 'images', 'a.png') },
    { type: 'input_audio', input_audio: { data: 'tone.wav', format: 'wav' } },
    { type: 'image_url', image_url: { url: dataUrl('image/png', png(7, 7)) } },
    ...refused.map((url) => ({ type: 'image_url', image_url: { url } })),
  ];
  const messages = [
    { role: 'user', content },
    { role: 'assistant', content: 'A square.' },
  ];
  writeFileSync(join(folder, 'rollouts.jsonl'), `${JSON.stringify({ step: 1, messages, reward: 1 })}\n`);
  const source = startImport(folder, store.url, { state: join(base, 'state') });
  await source.pass(true);
  source.close();
  expect(source.summary.refused).toBe(0);

  const [row = {}] = await store.rows('traces', 'rollouts');
  const [{ content: read } = { content: [] }] = row.messages as { content: Record<string, unknown>[] }[];
  const place = (block: Record<string, unknown>) => {
    const value = block.image_url ?? block.image ?? block.input_audio ?? block.text;
    return isMediaRef(value) || typeof value !== 'object' ? value : Object.values(value as object)[0];
  };
  const [text, ...found] = read.map(place);
  expect(text).toBe('What is this? images/a.png');
  expect(found.slice(0, 5)).toMatchObject([
    ...Array(3).fill({ type: 'image/png', width: 30 }),
    { type: 'audio/wav', seconds: 0.5 },
    { type: 'image/png', width: 7 },
  ]);
  expect(found.slice(5)).toEqual(refused);
});
