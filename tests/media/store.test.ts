import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediaRef, LIMITS } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../store/app';
import { sha256, Tokens } from '../../store/http/Tokens';
import { checkMedia } from '../../store/media/checkMedia';
import { dataUrl, gif, JPEG, png, wav } from '../../store/testing/mediaSamples';
import { StoreUnderTest } from '../conformance/StoreUnderTest';

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let data: string;
let app: App;
let store: StoreUnderTest;
let other: StoreUnderTest;

async function start(): Promise<void> {
  const entry = (name: string, project: string) => ({
    name,
    sha256: sha256(name),
    scopes: ['read' as const, 'write' as const],
    projects: [project],
  });
  const tokens = new Tokens([entry('ours', 'p*'), entry('theirs', 'q*')]);
  app = await createApp({ data, tokens, log: () => undefined });
  const url = await app.fastify.listen({ port: 0, host: '127.0.0.1' });
  [store, other] = [new StoreUnderTest(url, 'ours'), new StoreUnderTest(url, 'theirs')];
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'rolloscope-media-'));
  await start();
  await store.ask('putRun', { id: 'r', body: { project: 'p' } });
  await other.ask('putRun', { id: 'o', body: { project: 'q' } });
});
afterEach(async () => {
  await app.close();
  await rm(data, { recursive: true, force: true });
});

const put = (bytes: Buffer, run = 'r', of = store) =>
  of.ask('putMedia', { query: { run }, body: bytes, headers: { 'content-type': 'text/html' } });
const files = () => readdirSync(join(data, 'media', 'files')).sort();
const log = (rows: unknown[][], columns: unknown[] = ['reward', 'image'], step = 1) =>
  store.ask('log', { id: 'r', body: { entries: [{ step, tables: { t: { columns, rows } } }] } });
const read = () => store.ask('queryRows', { body: { runs: ['r'], table: 't' } });
const eventsOf = async (run: string) => (await store.ask('events', { query: { run } })).events;

describe('PUT and GET', () => {
  it('keeps bytes once for all runs, whatever they are said to be, and gives them back to the byte', async () => {
    const bytes = png(30, 20);
    const ref = await put(bytes);
    expect(ref).toEqual({ media: hashOf(bytes), type: 'image/png', bytes: bytes.length, width: 30, height: 20 });
    expect(await put(bytes, 'o', other)).toEqual(ref);
    expect(await put(bytes)).toEqual(ref);
    expect(files()).toEqual([ref.media]);
    const answer = await store.send('media', { id: ref.media });
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'content-disposition': `inline; filename="${ref.media}.png"`,
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'same-origin',
    });
  });

  it('gives a part of a sound', async () => {
    const bytes = wav(1);
    const { media } = await put(bytes);
    for (const [range, from, to] of [
      ['bytes=100-199', 100, 200],
      ['bytes=8000-', 8_000, bytes.length],
      ['bytes=-10', bytes.length - 10, bytes.length],
    ] as const) {
      const answer = await store.send('media', { id: media, headers: { range } });
      expect(answer.status).toBe(206);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes.subarray(from, to));
    }
    for (const range of ['bytes=9-1', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', `bytes=${bytes.length}-`]) {
      expect((await store.send('media', { id: media, headers: { range } })).status).toBe(200);
    }
  });

  it('shows media to nobody who may not read a run that uses them', async () => {
    const { media } = await put(png(3, 3));
    await other.refuse('media', 'media_not_found', { id: media });
    await other.refuse('putMedia', 'run_not_found', { query: { run: 'r' }, body: png(3, 3) });
    await put(png(3, 3), 'o', other);
    expect((await other.send('media', { id: media })).status).toBe(200);
    const anybody = new StoreUnderTest(store.base);
    await anybody.refuse('media', 'token_missing', { id: media });
    await anybody.refuse('putMedia', 'token_missing', { query: { run: 'r' }, body: png(1, 1) });
  });

  it('refuses what it does not keep, and says why', async () => {
    const refuse = (body: Buffer, code: 'media_not_kept' | 'body_too_large' = 'media_not_kept') =>
      store.refuse('putMedia', code, { query: { run: 'r' }, body, headers: { 'content-type': 'image/png' } });
    expect(await refuse(SVG)).toMatch(/SVG, HTML or XML, which can carry scripts/);
    expect(await refuse(Buffer.concat([png(3, 3), SVG]))).toMatch(/goes on after its end/);
    expect(await refuse(png(1, 1, 0, { told: [60_000, 60_000] }))).toMatch(/mediaPixels/);
    expect(await refuse(png(1, 1, 0, { told: [0, 0] }))).toMatch(/0 × 0/);
    expect(await refuse(JPEG.subarray(0, -9))).toMatch(/cut off/);
    expect(await refuse(Buffer.alloc(0))).toMatch(/no image or sound/);
    expect(await refuse(Buffer.alloc(50 * 1024 * 1024), 'body_too_large')).toMatch(/mediaBytes/);
    await store.refuse('putMedia', 'run_not_found', { query: { run: 'none' }, body: png(1, 1) });
    expect(existsSync(join(data, 'media', 'files'))).toBe(false);
  });

  it('finds nothing by what is no hash', async () => {
    for (const id of ['../../runs.duckdb', 'A'.repeat(64), `${'0'.repeat(63)}/`, '0'.repeat(64), '%00', 'x']) {
      await store.refuse('media', 'media_not_found', { id });
    }
  });
});

describe('in cells', () => {
  it('takes data out of messages, keeps each image once, and leaves references', async () => {
    const [a, sound] = [png(64, 48, 1), wav(0.25)];
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'what is this?' },
          { type: 'image_url', image_url: { url: dataUrl('image/png', a), detail: 'low' } },
          { type: 'input_image', image_url: dataUrl('image/png', a) },
          { type: 'input_audio', input_audio: { data: sound.toString('base64'), format: 'wav' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: JPEG.toString('base64') } },
        ],
      },
      { role: 'assistant', content: 'a square' },
    ];
    // As text, as Python prints it, too.
    const python = `[{'role': 'user', 'content': [{'url': '${dataUrl('image/png', a)}'}]}]`;
    await log(
      [
        [1, JSON.stringify(messages), messages],
        [0, python, null],
      ],
      ['reward', 'text', 'messages'],
    );
    const ref = { media: hashOf(a), type: 'image/png', bytes: a.length, width: 64, height: 48 };
    const { columns, rows } = await read();
    const at = (name: string) => columns.findIndex((column) => column.name === name);
    const wanted = structuredClone(messages) as { content: unknown }[];
    wanted[0] = {
      role: 'user',
      content: [
        { type: 'text', text: 'what is this?' },
        { type: 'image_url', image_url: { url: ref, detail: 'low' } },
        { type: 'input_image', image_url: ref },
        {
          type: 'input_audio',
          input_audio: {
            data: { media: hashOf(sound), type: 'audio/wav', bytes: sound.length, seconds: 0.25 },
            format: 'wav',
          },
        },
        {
          type: 'image',
          source: {
            type: 'base64',
            media_type: 'image/jpeg',
            data: { media: hashOf(JPEG), type: 'image/jpeg', bytes: JPEG.length, width: 3, height: 2 },
          },
        },
      ],
    } as never;
    expect(rows[0]?.[at('messages')]).toEqual(wanted);
    // In a text the sound has no address by which it could be told.
    expect(String(rows[0]?.[at('text')])).toContain(JSON.stringify({ url: ref, detail: 'low' }));
    expect(rows[1]?.[at('text')]).toBe(`[{'role': 'user', 'content': [{'url': ${JSON.stringify(ref)}}]}]`);
    expect(files()).toEqual([hashOf(a), hashOf(sound), hashOf(JPEG)].sort());
  });

  it('gives columns of media their role, several of them, and exports addresses and references', async () => {
    const [a, b] = [await put(png(3, 2, 1)), await put(gif(3))];
    await log(
      [
        [1, { ...a, alt: 'a red square' }, [a, b], dataUrl('image/jpeg', JPEG)],
        [0, null, null, null],
      ],
      ['reward', 'image', 'steps', 'seen'],
    );
    const { columns, rows } = await read();
    expect(columns.filter(({ role }) => role === 'media').map(({ name }) => name)).toEqual(['image', 'steps', 'seen']);
    expect(rows[0]).toEqual(expect.arrayContaining([{ ...a, alt: 'a red square' }, [a, b]]));
    const exported = async (format: 'csv' | 'jsonl') => {
      const body = { runs: ['r'], table: 't', format, columns: ['image', 'steps'] };
      const { path } = await store.ask('createExport', { body });
      return (await store.fetch(path)).text();
    };
    expect((await exported('csv')).split('\r\n').slice(0, 3)).toEqual([
      'image,steps',
      `/api/v1/media/${a.media},/api/v1/media/${a.media} /api/v1/media/${b.media}`,
      ',',
    ]);
    expect(JSON.parse((await exported('jsonl')).split('\n')[0] ?? '')).toEqual({
      image: { ...a, alt: 'a red square' },
      steps: [a, b],
    });
    const filter = [{ column: 'image', op: 'contains' as const, value: a.media }];
    expect((await store.ask('queryRows', { body: { runs: ['r'], table: 't', filter } })).total).toBe(1);
  });

  it('fails no call for what it does not take, and says so once', async () => {
    await log([
      [1, dataUrl('image/svg+xml', SVG)],
      [2, dataUrl('image/png', Buffer.concat([png(2, 2), SVG]))],
      [3, dataUrl('image/png', png(1, 1, 0, { told: [60_000, 60_000] }))],
      [4, 'data:text/html;base64,PGI+'],
      [5, 'data:image/png;base64,'],
    ]);
    const cells = (await read()).rows.map((row) =>
      row.find((cell) => typeof cell === 'object' || /^data/.test(String(cell))),
    );
    expect(cells[0]).toMatchObject({ media: null, why: expect.stringMatching(/SVG/) });
    expect(cells[1]).toMatchObject({ media: null, why: expect.stringMatching(/two things at once/) });
    expect(cells[2]).toMatchObject({ media: null, why: expect.stringMatching(/mediaPixels/) });
    expect(cells[3]).toBe('data:text/html;base64,PGI+');
    const told = (await eventsOf('r')).filter(({ type }) => type === 'left_out');
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({
      title: 'Not kept: images or sounds in cells',
      text: expect.stringMatching(/t, image: it is SVG/),
    });
  });

  it('changes nothing of cells without any', async () => {
    const odd = [
      { data: 'A'.repeat(100), format: 'text' },
      [{ url: 'https://example.com/a.png' }],
      'see data:image/png;base64,iVBORw0KGgo= in a sentence',
      '{"a": ";base64,"}',
      { 'data:image/png;base64,iVBORw0KGgo=': 1 },
    ];
    await log(odd.map((cell) => [1, cell]));
    const { columns, rows } = await read();
    const at = columns.findIndex(({ name }) => name === 'image');
    expect(columns[at]?.role).toBeUndefined();
    expect(rows.map((row) => row[at])).toEqual(odd);
  });

  it('keeps the order of calls of a run, of which some bring images', async () => {
    const calls = Array.from({ length: 30 }, (_, i) =>
      log([[i, i % 3 === 0 ? dataUrl('image/png', png(9, 9, i)) : null]]),
    );
    await Promise.all(calls);
    const { rows, columns } = await read();
    const reward = columns.findIndex(({ name }) => name === 'reward');
    expect(rows.map((row) => row[reward])).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});

describe('as long as runs use them', () => {
  it('counts them in the bytes of their runs, of the store and of its metrics', async () => {
    const bytesOf = async (run: string) => (await store.ask('run', { id: run })).bytes ?? 0;
    const sizes = async () => {
      const { storage } = await store.ask('health');
      const answer = await fetch(new URL('/metrics', store.base), { headers: { authorization: 'Bearer ours' } });
      const text = await answer.text();
      const [, told] = /^rolloscope_store_media_bytes (\S+)$/m.exec(text) ?? [];
      expect(told, text).toBeDefined();
      return { all: storage.bytes ?? 0, told: Number(told) };
    };
    const before = { run: await bytesOf('r'), ...(await sizes()) };
    expect(before.told).toBe(0);
    const { bytes } = await put(wav(500));
    await put(wav(500), 'o', other);
    expect((await bytesOf('r')) - before.run).toBe(bytes);
    const { all, told } = await sizes();
    expect(told).toBe(bytes);
    expect(all - before.all).toBeGreaterThanOrEqual(bytes);
    expect(all - before.all).toBeLessThan(2 * bytes);
    await store.ask('deleteRun', { id: 'r' });
    await other.ask('deleteRun', { id: 'o' });
    await expect.poll(async () => (await sizes()).told, { timeout: 60_000 }).toBe(0);
  });

  it('deletes files with the last run that uses them', async () => {
    await store.ask('putRun', { id: 'r2', body: { project: 'p' } });
    const [a, b] = [await put(png(3, 3, 1)), await put(png(3, 3, 2))];
    await put(png(3, 3, 2), 'r2');
    await store.ask('deleteRun', { id: 'r' });
    await expect.poll(files, { timeout: 60_000 }).toEqual([b.media]);
    await store.refuse('media', 'media_not_found', { id: a.media });
    await store.ask('putRun', { id: 'r', body: { project: 'p' } });
    await store.ask('deleteRun', { id: 'r2' });
    await expect.poll(files, { timeout: 60_000 }).toEqual([]);
    await store.refuse('media', 'media_not_found', { id: b.media });
  });

  it('knows them after a start, without those that a crash left behind', async () => {
    const ref = await put(png(5, 5));
    await app.close();
    const folder = join(data, 'media', 'files');
    await writeFile(join(folder, 'x.part'), 'half');
    await writeFile(join(folder, 'f'.repeat(64)), 'of no run');
    const [uses = ''] = readdirSync(join(data, 'media', 'runs'));
    await appendFile(join(data, 'media', 'runs', uses), '{"media":"cut o');
    await writeFile(join(data, 'media', 'runs', '0'.repeat(32)), 'of a run that is gone');
    await start();
    expect(files()).toEqual([ref.media]);
    expect(readdirSync(join(data, 'media', 'runs'))).toEqual([uses]);
    expect((await store.send('media', { id: ref.media })).status).toBe(200);
    const second = await put(png(6, 6));
    await app.close();
    await start();
    expect((await store.send('media', { id: second.media })).status).toBe(200);
  });

  it('throws no file away for a line that cannot be read', async () => {
    const ref = await put(png(5, 5));
    await app.close();
    const [uses = ''] = readdirSync(join(data, 'media', 'runs'));
    await writeFile(join(data, 'media', 'runs', uses), 'nothing that it should be\n');
    await start();
    expect(files()).toEqual([ref.media]);
    expect((await checkMedia(data)).faults).toEqual([expect.stringMatching(/cannot be read/)]);
  });

  it('has them in a backup, from which a store goes on', async () => {
    const ref = await put(png(5, 5));
    await log([[1, ref]]);
    const copy = join(data, '..', `${data.split('/').at(-1)}-copy`);
    await app.backup(copy);
    await store.ask('deleteRun', { id: 'r' });
    await app.close();
    await rm(data, { recursive: true });
    data = copy;
    await start();
    expect((await store.send('media', { id: ref.media })).status).toBe(200);
    expect((await read()).rows).toHaveLength(1);
  });

  it('follows no link, and tells what is damaged', async () => {
    const [a, b] = [await put(png(5, 5, 1)), await put(png(5, 5, 2))];
    const at = (ref: MediaRef) => join(data, 'media', 'files', ref.media);
    await rm(at(a));
    await writeFile(join(data, 'secret'), await readFile(at(b)));
    await symlink(join(data, 'secret'), at(a));
    await store.refuse('media', 'media_not_found', { id: a.media });
    const bytes = await readFile(at(b));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    await writeFile(at(b), bytes);
    await app.close();
    const { faults, files: seen } = await checkMedia(data);
    expect(faults.join('\n')).toMatch(new RegExp(`${a.media} is missing[\\s\\S]*${b.media} is not as it was kept`));
    expect(seen).toBe(2);
    await start();
  });
});

it('promises what a cell is in its contract', async () => {
  expect(isMediaRef(await put(png(1, 1)))).toBe(true);
  expect(LIMITS.mediaBytes).toBeGreaterThanOrEqual(LIMITS.bodyBytes);
});
