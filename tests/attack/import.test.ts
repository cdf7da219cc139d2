import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHead } from '../../store/cli/import/readHead';
import { openFile } from '../../store/cli/import/readRecords';
import { type StartedStore, startStore } from '../bench/startStore';
import { readRun } from '../clients/readRun';
import { Moments, SEED } from '../crash/Moments';
import { expectRefused, IMPORT_BYTES, Imports } from './Imports';
import { deflateBomb, parquetFile, plainTexts, samePlaces, zstdBomb } from './parquetFile';
import { watchMemory } from './watchMemory';

const GOOD = ['one', 'two', 'three'];

let store: StartedStore;
let imports: Imports;
beforeAll(async () => {
  store = await startStore();
  imports = new Imports(store.url);
});
afterAll(async () => {
  await store.stop();
  imports.remove();
});

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

const responses = async (run: string) =>
  (await readRun(store.url, run).rows('rollouts', ['response'])).map(([response]) => response).sort();
const lines = (texts: readonly string[]) => texts.map((response) => `${JSON.stringify({ response })}\n`).join('');
const good = parquetFile([{ kind: 'plain', values: 3, body: plainTexts(GOOD) }]);

describe('files that grow when they are read', () => {
  const huge = 2 ** 31 - 1;
  const long = 'x'.repeat(1_000_000);
  const dictionary = { kind: 'dictionary' as const, values: 1 };
  const bombs: Record<string, { file: Buffer; reason: RegExp }> = {
    'rows said to be a trillion': {
      file: parquetFile([{ kind: 'plain', values: 3, body: plainTexts(GOOD) }], { rows: 2n ** 40n }),
      reason: /./,
    },
    'values said to be two billion': {
      file: parquetFile([{ kind: 'plain', values: huge, body: plainTexts(GOOD) }]),
      reason: /./,
    },
    'two billion places in a dictionary': {
      file: parquetFile([
        { ...dictionary, body: plainTexts(['x']) },
        { kind: 'places', values: huge, body: samePlaces(huge) },
      ]),
      reason: /more memory than an import may|damaged/,
    },
    'a hundred thousand times a megabyte': {
      file: parquetFile([
        { ...dictionary, body: plainTexts([long]) },
        { kind: 'places', values: 100_000, body: samePlaces(100_000) },
      ]),
      reason: /grows to more than \d+ MB, 100 times its size/,
    },
    'a page of 100 GB in zstd': {
      file: parquetFile([{ kind: 'plain', values: 1, body: zstdBomb(800_000), says: huge }], { codec: 'zstd' }),
      reason: /./,
    },
    'frames of zstd behind each other': {
      file: parquetFile(
        [{ kind: 'plain', values: 1, body: Buffer.concat(Array(2_000).fill(zstdBomb(200))), says: huge }],
        { codec: 'zstd' },
      ),
      reason: /./,
    },
    'a page in gzip': {
      file: parquetFile([{ kind: 'plain', values: 1, body: deflateBomb(100), says: huge }], { codec: 'gzip' }),
      reason: /more memory than an import may/,
    },
    'lists nested a thousand deep': {
      file: parquetFile([{ kind: 'plain', values: 3, body: plainTexts(GOOD) }], { depth: 1_000 }),
      reason: /./,
    },
  };

  it('parquet: each is refused by a line, and the other files are taken', { timeout: 240_000 }, async () => {
    const files = Object.entries(bombs).map(([name, { file }]) => [`${name}.parquet`, file] as const);
    const folder = imports.folderOf('bombs', {
      'a.parquet': good,
      ...Object.fromEntries(files),
      'z.jsonl': lines(['last']),
    });
    const { code, told, bytes } = await imports.run(folder);
    expect(code, told).toBe(1);
    for (const [name, { reason }] of Object.entries(bombs)) {
      expectRefused(told, `${name}.parquet`, reason);
    }
    expect(await responses('bombs')).toEqual(expect.arrayContaining([...GOOD, 'last']));
    process.stdout.write(`${told}${Math.round(bytes / 2 ** 20)} MB at the most\n`);
  });

  it('JSON and CSV: nested, wide, without an end', { timeout: 240_000 }, async () => {
    const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
    const folder = imports.folderOf('texts', {
      'a.jsonl': lines(GOOD),
      'deep.jsonl': `${lines(['before'])}{"response":${nested('[', ']', 200_000)}}\n${lines(['after'])}`,
      'lists.jsonl': `{"response":[${'[],'.repeat(20_000_000)}[]]}\n${lines(['behind'])}`,
      'long.jsonl': Buffer.alloc(140_000_000, 'x'),
      'packed.jsonl.gz': Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), deflateBomb(100)]),
      'packed.jsonl.zst': zstdBomb(800_000),
      'open.csv': `response,step\n"${`never closed,,${'x'.repeat(1_000_000)}\n`.repeat(40)}`,
      'quoted.csv': `response,step\n"${'""'.repeat(6_000_000)}",1\nfine,2\n`,
      'wide.csv': `${Array.from({ length: 1_000_000 }, (_, n) => `c${n}`).join()}\n${'1,'.repeat(999_999)}1\n`,
    });
    const { code, told, bytes } = await imports.run(folder);
    expect(code, told).toBe(1);
    expectRefused(told, 'deep.jsonl', /deep\.jsonl:2: The line is nested deeper than the limit of 100/);
    expectRefused(told, 'lists.jsonl', /lists\.jsonl:1: The line has more values than the limit/);
    expectRefused(told, 'long.jsonl', /long\.jsonl:1: The line is longer than 128 MB/);
    expectRefused(told, 'wide.csv', /The names of its columns take more than 1 MB/);
    expect(told).toMatch(/packed\.jsonl\.gz:1: The line is longer than 128 MB/);
    expect(told).toMatch(/packed\.jsonl\.zst:1: The line is longer than 128 MB/);
    expect(told).toMatch(/open\.csv:2: A quote opens a cell here and never closes; it is read as text/);
    const taken = await responses('texts');
    expect(taken).toEqual(expect.arrayContaining([...GOOD, 'after', 'before', 'behind', 'fine']));
    process.stdout.write(`${told}${Math.round(bytes / 2 ** 20)} MB at the most\n`);
  });
});

describe('files that are broken, and files that are none', () => {
  it('what is cut anywhere, and bytes that mean nothing, keep nobody else back', { timeout: 120_000 }, async () => {
    const moments = new Moments(SEED);
    const kinds = {
      jsonl: Buffer.from(lines(GOOD)),
      csv: Buffer.from(`response,step\n${GOOD.map((one, n) => `"${one}",${n}\n`).join('')}`),
      parquet: good,
    };
    const files: Record<string, Buffer> = {};
    for (const [kind, whole] of Object.entries(kinds)) {
      for (let n = 0; n < 12; n++) {
        files[`cut ${n}.${kind}`] = whole.subarray(0, moments.between(0, whole.length - 1));
        const changed = Buffer.from(whole);
        for (let i = moments.between(1, 8); i > 0; i--) {
          changed[moments.between(0, whole.length - 1)] = moments.between(0, 255);
        }
        files[`changed ${n}.${kind}`] = changed;
        const random = Array.from({ length: moments.between(1, 2_000) }, () => moments.between(0, 255));
        files[`random ${n}.${kind}`] = Buffer.from(random);
      }
    }
    const folder = imports.folderOf('broken', { ...files, 'whole.jsonl': lines(['whole']) });
    const { code, told } = await imports.run(folder);
    expect(code, `DRAW_SEED=${SEED}\n${told}`).toBe(1);
    expect(told).not.toMatch(/ is not a function|at .*\.m?js:\d|undefined \(/);
    expect(told.split('\n').filter((line) => line.includes(': ')).length).toBeGreaterThan(20);
    expect(await responses('broken')).toContain('whole');
  });

  it('links, pipes, folders with the names of files, odd names, paths that are too long', {
    timeout: 60_000,
  }, async () => {
    const odd = ['__proto__.jsonl', '..%2f..%2fetc.jsonl', '\u001b[31mred\nline.jsonl', `${'n'.repeat(240)}.jsonl`];
    const outside = imports.folderOf('outside', { 'secret.jsonl': lines(['secret']) });
    const folder = imports.folderOf('odd', {
      'good.jsonl': lines(GOOD),
      'folder.jsonl/inside.jsonl': lines(['inside']),
      ...Object.fromEntries(odd.map((name) => [name, lines([`of ${odd.indexOf(name)}`])])),
    });
    symlinkSync(join(outside, 'secret.jsonl'), join(folder, 'link.jsonl'));
    symlinkSync(folder, join(folder, 'loop'));
    symlinkSync('/dev/zero', join(folder, 'zero.jsonl'));
    expect(spawnSync('mkfifo', [join(folder, 'pipe.jsonl')]).status).toBe(0);
    // Made of two halves, since no path may be as long.
    const half = Array.from({ length: 15 }, () => 'd'.repeat(200)).join('/');
    const [upper, lower] = [join(folder, half), join(imports.top, 'lower')];
    mkdirSync(upper, { recursive: true });
    mkdirSync(join(lower, half), { recursive: true });
    renameSync(lower, join(upper, 'lower'));
    try {
      const { code, told } = await imports.run(folder);
      expect(code, told).toBe(0);
      expect(told).toContain('not read: 3 files, links, which are not followed');
      expect(told).toContain('not read: 1 folder that cannot be opened');
      expect(told).not.toContain('\u001b[31m');
      const expected = [...GOOD, 'inside', ...odd.map((_, n) => `of ${n}`)].sort();
      expect(await responses('odd')).toEqual(expected);
      // One that took the place of a file in between is not waited for.
      await expect(openFile(join(folder, 'pipe.jsonl'))).rejects.toThrow('no regular file');
      expect(readHead(join(folder, 'pipe.jsonl'), 10)).toHaveLength(0);
      const pipe = await imports.run(join(folder, 'pipe.jsonl'));
      expect([pipe.code, pipe.told]).toEqual([2, expect.stringContaining('There is no file or folder')]);
    } finally {
      renameSync(join(upper, 'lower'), lower);
    }
  });
});

describe('files that change while they are followed', () => {
  it('grow, shrink, are replaced or vanish: each record once, also after kills', { timeout: 120_000 }, async () => {
    const names = ['grows', 'shrinks', 'link', 'vanishes', 'replaced', 'pipe', 'folder', 'renamed'];
    const outside = imports.folderOf('elsewhere', { 'secret.jsonl': lines(['secret']) });
    const folder = imports.folderOf(
      'live',
      Object.fromEntries(names.map((name) => [`${name}.jsonl`, lines([`${name} 0`])])),
    );
    const path = (name: string) => join(folder, `${name}.jsonl`);
    const expected = names.map((name) => `${name} 0`);
    const arrive = async () => {
      for (let waited = 0; waited < 30_000; waited += 200) {
        await pause(200);
        const seen = await responses('live').catch(() => []);
        if (seen.length >= expected.length) {
          return;
        }
      }
    };
    let follower = imports.start(folder, '--follow');
    const memory = watchMemory(follower.process.pid ?? 0);
    await arrive();
    expect(await responses('live'), follower.output()).toEqual(expected.toSorted());

    appendFileSync(path('grows'), '{"response":"gro');
    writeFileSync(path('shrinks'), lines(['s 1']));
    rmSync(path('link'));
    symlinkSync(join(outside, 'secret.jsonl'), path('link'));
    rmSync(path('vanishes'));
    writeFileSync(join(folder, 'new'), lines(['replaced 0', 'replaced 1']));
    renameSync(join(folder, 'new'), path('replaced'));
    rmSync(path('pipe'));
    spawnSync('mkfifo', [path('pipe')]);
    rmSync(path('folder'));
    mkdirSync(path('folder'));
    renameSync(path('renamed'), path('renamed.1'));
    appendFileSync(path('renamed.1'), lines(['renamed 1']));
    writeFileSync(join(folder, 'half.parquet'), good.subarray(0, good.length / 2));
    expected.push('s 1', 'replaced 1', 'renamed 1');
    await arrive();
    expect(await responses('live'), follower.output()).toEqual(expected.toSorted());

    await follower.kill();
    expect(memory.end()).toBeLessThan(IMPORT_BYTES);
    appendFileSync(path('grows'), 'ws 1"}\n');
    truncateSync(path('replaced'), 0);
    writeFileSync(join(folder, 'half.parquet'), good);
    follower = imports.start(folder, '--follow');
    expected.push('grows 1', ...GOOD);
    await arrive();
    await follower.kill();
    const last = await imports.run(folder);
    expect(last.code, last.told).toBe(0);
    expect(await responses('live'), last.told).toEqual(expected.toSorted());
  });
});
