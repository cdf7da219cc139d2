import { isMediaRef } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { expect, it, vi } from 'vitest';
import { StoreUnderTest } from '../conformance/StoreUnderTest';
import { startOurs } from '../conformance/startOurs';
import { installWithImages, runClient } from './pythonClient';

vi.setConfig({ testTimeout: 300_000 });

it('keeps the images and sounds that a script logs: by name, in lists, and in tables of every mode', async () => {
  const ours = await startOurs({ far: { scopes: ['read', 'write'], projects: ['*'] } });
  try {
    await runClient('media.py', { python: await installWithImages(), url: ours.url, token: 'far', args: ['m'] });
    const store = new StoreUnderTest(ours.url, 'far');
    const read = async (table: string) => {
      const { columns, rows } = await store.ask('queryRows', {
        body: { runs: ['m'], table, columns: ['step', 'media', 'caption'] },
      });
      expect(columns.find(({ name }) => name === 'media')?.role).toBe('media');
      return rows as [number, MediaRef, string][];
    };
    const seen = await read('seen');
    expect(seen.map(([step, { type, width, height }, caption]) => [step, type, width, height, caption])).toEqual([
      [1, 'image/png', 31, 20, 'step 1'],
      [2, 'image/png', 32, 20, 'step 2'],
      [3, 'image/png', 30, 20, 'green'],
      [3, 'image/png', 30, 20, 'blue'],
    ]);
    const [[, sound, caption] = [0, {} as MediaRef, '']] = await read('said');
    expect([sound.type, sound.bytes, caption]).toEqual(['audio/wav', 4_044, 'a tone']);
    for (const ref of [...seen.map(([, one]) => one), sound]) {
      const answer = await store.send('media', { id: ref.media });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, ref.type]);
      expect((await answer.arrayBuffer()).byteLength).toBe(ref.bytes);
    }
    const { columns, rows } = await store.ask('queryRows', {
      body: { runs: ['m'], table: 'rollouts', columns: ['step', 'image', 'kind', 'sound', 'reward'] },
    });
    expect(columns.filter(({ role }) => role === 'media').map(({ name }) => name)).toEqual(['image', 'sound']);
    const told = (cell: unknown) => isMediaRef(cell) && [cell.type, cell.width ?? cell.bytes, cell.alt];
    expect(rows.map(([step, image, kind, tone, reward]) => [step, told(image), kind, told(tone), reward])).toEqual([
      [5, false, 'Image', ['audio/wav', 1_044, undefined], 0],
      [5, ['image/png', 40, 'square 1'], 'Image', ['audio/wav', 1_045, undefined], 0.5],
      [6, ['image/png', 40, 'square 2'], 'Image', ['audio/wav', 1_046, undefined], 1],
    ]);
    const cells = async (table: string, column: string) => {
      const answer = await store.ask('queryRows', { body: { runs: ['m'], table, columns: [column] } });
      return answer.rows.map(([cell]) => cell);
    };
    const grown = await cells('grows', 'image');
    expect(grown.map(told)).toEqual(Array(3).fill(['image/png', 8, undefined]));
    const lists = (await cells('completions', 'images')) as MediaRef[][];
    expect(lists.map((list) => list.map(told))).toEqual(Array(2).fill(Array(2).fill(['image/png', 30, undefined])));
    for (const ref of [rows.map(([, image, , tone]) => [image, tone]), grown, lists].flat(3).filter(isMediaRef)) {
      const answer = await store.send('media', { id: ref.media });
      expect((await answer.arrayBuffer()).byteLength).toBe(ref.bytes);
    }
    const { events } = await store.ask('events', { query: { run: 'm', types: 'left_out' } });
    expect(events).toEqual([]);
  } finally {
    await ours.stop();
  }
});
