import { randomBytes } from 'node:crypto';
import { LIMITS } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { dataUrl, gif, JPEG, png, wav } from '../../store/testing/mediaSamples';
import { type AttackedStore, attackedStore } from './attackedStore';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
const MB = 2 ** 20;

let store: AttackedStore;
beforeAll(async () => {
  store = await attackedStore();
  await store.call('PUT', '/api/v1/runs/r', { project: 'p' });
});
afterAll(() => store.stop());
beforeEach(() => store.reset());
afterEach(() => store.expectWell());

const put = async (bytes: Buffer) => {
  const { status, json } = await store.call('PUT', '/api/v1/media?run=r', new Uint8Array(bytes), {
    'content-type': 'image/png',
  });
  return { status, json: json as { error?: { code: string; message: string } } & Partial<MediaRef> };
};
const MARKUP = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
const ZIP = Buffer.from('504b0506000000000000000000000000000000000000', 'hex');

/** What is two things at once: behind its end, before its begin, or in a piece that readers pass over. */
const POLYGLOTS: Record<string, Buffer> = {
  'a PNG and a page': Buffer.concat([png(2, 2), Buffer.from(MARKUP)]),
  'a PNG and an archive': Buffer.concat([png(2, 2), ZIP]),
  'a JPEG and a page': Buffer.concat([JPEG, Buffer.from(MARKUP)]),
  'a GIF and a script': Buffer.concat([gif(), Buffer.from('=1;alert(1)')]),
  'a WAV and an archive': Buffer.concat([wav(0.1), ZIP]),
  'a page and a PNG': Buffer.concat([Buffer.from(MARKUP), png(2, 2)]),
  'a page that says PNG': Buffer.from(`\x89PNG\r\n\x1a\n${MARKUP}`, 'latin1'),
};

it.each(Object.entries(POLYGLOTS))('refuses %s', async (_, bytes) => {
  expect((await put(bytes)).json.error?.code).toBe('media_not_kept');
});

it.each([
  ['0 × 0', png(1, 1, 0, { told: [0, 0] }), /0 × 0/],
  ['0 × 4', png(1, 1, 0, { told: [0, 4] }), /0 × 4/],
  ['as many pixels as a number has', png(1, 1, 0, { told: [0x7fffffff, 0x7fffffff] }), /mediaPixels/],
  ['100,000 pictures of a pixel, of which each is a million', png(1_000, 1_000, 0, { frames: 100_000 }), /mediaPixels/],
  ['one picture more than has room', gif(LIMITS.mediaPixels / 100), /pieces|mediaPixels|mediaBytes/],
])('refuses %s by its head, and unpacks nothing', async (_, bytes, why) => {
  expect((await put(bytes)).json.error?.message).toMatch(why);
});

it('keeps what says little and unpacks to much as it is: nothing of it is unpacked', async () => {
  // 39 million pixels of one colour are some 50 KB.
  const bomb = png(6_000, 6_000);
  expect(bomb.length).toBeLessThan(MB);
  const { status, json } = await put(bomb);
  expect([status, json.width, json.bytes]).toEqual([200, 6_000, bomb.length]);
});

it('refuses 50 MB, however often they come at one time', async () => {
  const large = Buffer.alloc(50 * MB);
  const answers = await Promise.all(Array.from({ length: 6 }, () => put(large).catch(() => undefined)));
  for (const answer of answers) {
    // A client that goes on to send is cut off.
    expect([undefined, 'body_too_large', 'too_busy']).toContain(answer?.json.error?.code);
  }
});

it('takes as many small ones as a call may have, and tells of the rest', async () => {
  const count = LIMITS.mediaOfCall + 500;
  const rows = Array.from({ length: count }, (_, i) => [dataUrl('image/png', png(1, 1, i))]);
  const entry = { step: 1, tables: { many: { columns: ['image'], rows } } };
  expect((await store.call('POST', '/api/v1/runs/r/log', { entries: [entry] })).status).toBe(200);
  const body = { runs: ['r'], table: 'many', columns: ['image'], offset: LIMITS.mediaOfCall - 1, limit: 2 };
  const { json } = await store.call('POST', '/api/v1/query/rows', body);
  expect((json as { rows: unknown[][] }).rows).toEqual([
    [expect.objectContaining({ media: expect.stringMatching(/^[0-9a-f]{64}$/) })],
    [{ media: null, why: expect.stringContaining('mediaOfCall') }],
  ]);
});

it('looks through noise that begins like media, and through media of which every byte is wrong', async () => {
  for (const whole of [png(60, 60), JPEG, gif(3), wav(0.2)]) {
    for (let i = 0; i < 20; i++) {
      const spoilt = Buffer.concat([whole.subarray(0, 8 + i), randomBytes(200)]);
      expect([200, 415]).toContain((await put(spoilt)).status);
    }
  }
  const pieces = Buffer.concat([wav(0.1).subarray(0, 12), Buffer.alloc(LIMITS.mediaBytes - 100)]);
  expect((await put(pieces)).json.error?.code).toBe('media_not_kept');
});
