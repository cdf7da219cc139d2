import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreview } from '../../preview/server';
import { eventually, rows, showsRange } from './dashboard';
import { openPage, type Stack } from './harness';
import { startPanelStack } from './panelStack';
import { call } from './seedPicture';

const COLUMNS = ['reward', 'prompt', 'response'];
const START = Date.now() - 20 * 60_000;
/** Beyond what a page holds of a text. */
const LONG = `${'so it goes on, '.repeat(300)}the answer is \\boxed{42}`;
const FRAME_ROWS = 100;
const ALL_ROWS = 120;

let stack: Stack;
let frozen: FastifyInstance;
let url: string;
let folder: string;

/** 30 rows a step; the first row of each is longer than a frame holds. */
async function logRun(store: string): Promise<void> {
  await call(store, 'PUT', '/runs/s', { project: 'p' });
  const entries = [1, 2, 3, 4].map((step) => ({
    step,
    time: START + step * 60_000,
    tables: {
      rollout_examples: {
        columns: COLUMNS,
        rows: Array.from({ length: 30 }, (_, i) => [
          (i % 4) / 3,
          `Question ${i % 5}?`,
          i === 0 ? LONG : `step ${step} number ${i}`,
        ]),
      },
    },
  }));
  await call(store, 'POST', '/runs/s/log', { entries });
}

interface Frame {
  schema: { name?: string; refId?: string; meta?: object; fields: { name: string; type: string; config?: object }[] };
  data: { values: unknown[][] };
}

/** The panel's frame as Grafana saves it with a snapshot. */
async function takeFrame(): Promise<Frame> {
  const { page } = await openPage(stack.browser);
  const answer = page.waitForResponse((one) => one.url().endsWith('/query/rows'));
  await page.goto(`${stack.previewUrl}/d/live`);
  const request = JSON.parse((await answer).request().postData() ?? '{}');
  const { columns, rows: list, rowIds, cut, total, asOf } = await (await answer).json();
  await page.close();
  const types: Record<string, string> = { json: 'other' };
  const rolloscope = {
    uid: 'store',
    request,
    asOf,
    total,
    columns,
    label: 'runs.history["rollout_examples"]',
    cut: cut.map(([row, at, length]: number[]) => [rowIds[row ?? 0], columns[at ?? 0].name, length]),
  };
  return {
    schema: {
      name: 'rollout_examples',
      refId: 'A',
      meta: { custom: { rolloscope } },
      fields: [
        ...columns.map(({ name, type }: { name: string; type: string }) => ({
          name,
          type: name === 'time' ? 'time' : (types[type] ?? type),
          config: {},
        })),
        { name: 'rowId', type: 'string', config: { custom: { hidden: true } } },
      ],
    },
    data: { values: [...columns.map((_: unknown, at: number) => list.map((row: unknown[]) => row[at])), rowIds] },
  };
}

const dashboard = (uid: string, panel: object) =>
  JSON.stringify({
    uid,
    title: uid,
    schemaVersion: 41,
    time: { from: new Date(START - 3_600_000).toISOString(), to: new Date().toISOString() },
    templating: { list: [{ name: 'run', type: 'snapshot', hide: 2, current: { text: 's', value: 's' } }] },
    panels: [
      {
        id: 1,
        type: 'rolloscope-rollouts-panel',
        title: '',
        gridPos: { x: 0, y: 0, w: 24, h: 22 },
        options: { pageSize: 10, distribution: true },
        fieldConfig: { defaults: {}, overrides: [] },
        transformations: [],
        ...panel,
      },
    ],
  });

beforeAll(async () => {
  stack = await startPanelStack([{ uid: 'live', run: 's', rows: 'all', query: { limit: FRAME_ROWS } }], logRun);
  const frame = await takeFrame();
  const datasource = { type: 'grafana', uid: 'grafana' };
  const target = { refId: 'A', datasource, queryType: 'snapshot', snapshot: [frame] };
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-snapshot-'));
  await writeFile(join(folder, 'now.json'), dashboard('now', { datasource, targets: [target] }));
  const { fields, ...rest } = frame.schema;
  const old = { ...rest, fields: fields.map((field, i) => ({ ...field, values: frame.data.values[i] })) };
  await writeFile(join(folder, 'before.json'), dashboard('before', { datasource: null, snapshotData: [old] }));
  // The store is there, and whoever looks might even reach it.
  const source = { name: 'store', type: 'rolloscope-runs-datasource', uid: 'store', url: stack.storeUrl };
  frozen = await createPreview({ dashboards: folder, dataSources: [source] });
  url = await frozen.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await frozen?.close();
  await stack?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(uid: string): Promise<{ page: Page; faults: string[]; asked: string[] }> {
  const opened = await openPage(stack.browser, 1400, 1000);
  const asked: string[] = [];
  opened.page.on('request', (request) => request.url().includes('/api/') && asked.push(request.url()));
  await opened.page.goto(`${url}/d/${uid}`);
  await showsRange(opened.page, `1 - 10 of ${FRAME_ROWS}`);
  return { ...opened, asked };
}

const reader = (page: Page) => page.getByRole('dialog', { name: /^Row / });
const lens = (page: Page, name: string) =>
  page.getByRole('toolbar', { name: 'Lenses' }).getByRole('button', { name: new RegExp(`^${name} `) });

describe.each([
  ['of Grafana 11 to 13', 'now'],
  ['of an older Grafana', 'before'],
])('a snapshot %s', (_, uid) => {
  it('is searched, filtered, sorted, seen through lenses and counted, and asks nobody', async () => {
    const { page, faults, asked } = await open(uid);
    await eventually(() => page.getByRole('note').first().textContent()).toContain(
      `${FRAME_ROWS} of ${ALL_ROWS} rows: the store cannot be reached from here`,
    );
    await eventually(() => page.locator('[aria-roledescription=heatmap]').getAttribute('aria-label')).toMatch(
      /^100 rollouts, .*step from 1 to 4/,
    );
    await page.getByRole('columnheader').getByRole('button', { name: 'reward', exact: true }).click();
    await eventually(async () => (await rows(page)).map((cells) => cells[2])).toEqual(Array(10).fill('0'));
    await lens(page, 'Best').click();
    await eventually(async () => (await rows(page)).map((cells) => cells[2])).toEqual(Array(10).fill('1'));
    await lens(page, 'Best').click();
    await page.getByLabel('Search all texts').fill('number 7');
    // The frame has the newest rows: of the first step not all.
    await showsRange(page, '1 - 3 of 3');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.match(/step \d number 7/g)).toHaveLength(3);
    expect([asked, faults]).toEqual([[], []]);
    await page.close();
  });

  it('says what of a text is not there, in the reader, the group and the export', async () => {
    const { page, faults, asked } = await open(uid);
    await page.locator('[data-row="0"]').click();
    await eventually(() => reader(page).getByRole('status').first().textContent()).toContain(
      `Only the beginning of response (${LONG.length.toLocaleString('en')} characters) is here`,
    );
    // Its answer stands where the text is cut.
    expect(await reader(page).getByRole('note', { name: 'Answer' }).count()).toBe(0);
    await page.keyboard.press('g');
    await eventually(() => reader(page).getByRole('heading', { name: 'Group of 6' }).count()).toBe(1);
    // Nobody can be asked for other runs.
    expect(await reader(page).getByLabel('All runs').count()).toBe(0);
    await page.keyboard.press('j');
    await eventually(() => reader(page).getByRole('heading', { level: 2 }).textContent()).toMatch(/^Row 2 of 100/);
    expect(await reader(page).getByText('Only the beginning of').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    await eventually(() => page.getByText('Exporting 100 rows, 4 texts cut short as in the frame').count()).toBe(1);
    expect([asked, faults]).toEqual([[], []]);
    await page.close();
  });
});
