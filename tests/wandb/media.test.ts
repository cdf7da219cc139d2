import type { MediaRef } from '@rolloscope/contract/types';
import { expect, it, vi } from 'vitest';
import { StoreUnderTest } from '../conformance/StoreUnderTest';
import { startOurs } from '../conformance/startOurs';
import { installWithImages, runClient } from './pythonClient';

vi.setConfig({ testTimeout: 300_000 });

it('keeps the images and sounds that a script logs by name, and says what else it does not', async () => {
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
    ]);
    const [[, sound, caption] = [0, {} as MediaRef, '']] = await read('said');
    expect([sound.type, sound.bytes, caption]).toEqual(['audio/wav', 4_044, 'a tone']);
    for (const ref of [...seen.map(([, one]) => one), sound]) {
      const answer = await store.send('media', { id: ref.media });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, ref.type]);
      expect((await answer.arrayBuffer()).byteLength).toBe(ref.bytes);
    }
    const { events } = await store.ask('events', { query: { run: 'm', types: 'left_out' } });
    expect(events.map(({ title }) => title).sort()).toEqual([
      'Not kept: W&B images/separated',
      'Not kept: images and sounds of W&B tables, which the client sends within an artifact',
    ]);
  } finally {
    await ours.stop();
  }
});
