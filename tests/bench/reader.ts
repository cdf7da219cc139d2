import { createPreview } from '../../preview/server';
import { launchChromium } from '../browser/chromium';
import { openPage, startStore } from '../browser/harness';
import { writeDashboards } from '../browser/panelDashboard';
import { call } from '../browser/seedPicture';
import { machine } from './machine';

/**
 * Opens rows with long responses in the built panel, from the click to the picture. Goal: 200 KB in ≤ 100 ms. Beside
 * it, in the same page: the same text as one text node in a `<pre>`, which is the least that a browser can do.
 */
const PARAGRAPH =
  'First we note that **both** sides are equal, so $x_1 + x_2 = \\frac{a}{b}$ and `f(x)` grows as \\(n \\log n\\).\n\n';
const ROWS: ReadonlyArray<readonly [name: string, response: string]> = [
  ['2 KB', PARAGRAPH.repeat(18)],
  ['200 KB of Markdown and LaTeX', PARAGRAPH.repeat(1_800)],
  ['200 KB of thinking', `<think>\n${'So it goes on and on, and then it goes on.\n'.repeat(4_700)}</think>\n4`],
  ['1 MB', PARAGRAPH.repeat(9_000)],
  ['10,000 formulas', '$x_1$ and $y^2$.\n\n'.repeat(5_000)],
  ['an agent of 400 turns', agent(200)],
];

function agent(turns: number): string {
  const turn = `${'I look it up. '.repeat(20)}\n<tool_call>\n{"name": "search"}\n</tool_call><|im_end|>\n<|im_start|>user\n<tool_response>\n${'Found. '.repeat(40)}\n</tool_response><|im_end|>\n<|im_start|>assistant\n`;
  return `${turn.repeat(turns)}Done.<|im_end|>`;
}

const store = await startStore();
await call(store.url, 'PUT', '/runs/long', { project: 'bench' });
const rows = ROWS.map(([, response], i) => [
  i,
  1,
  '<|im_start|>user\nGo on.<|im_end|>\n<|im_start|>assistant\n',
  response,
]);
const entries = [
  { step: 1, tables: { rollout_examples: { columns: ['step', 'reward', 'prompt', 'response'], rows } } },
];
await call(store.url, 'POST', '/runs/long/log', { entries });
const folder = await writeDashboards([{ uid: 'long', run: 'long', options: { pageSize: 50 } }]);
const source = { name: 'store', type: 'rolloscope-runs-datasource', uid: 'store', url: store.url, isDefault: true };
const preview = await createPreview({ dashboards: folder, dataSources: [source] });
const url = await preview.listen({ host: '127.0.0.1', port: 0 });
const browser = await launchChromium();
const { page } = await openPage(browser, 1400, 900);

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;

/** Milliseconds from the click to the picture that has the row's turns, and of these until the store had answered. */
async function openRow(row: number): Promise<{ all: number; answer: number }> {
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
  await page.waitForTimeout(300);
  return page.evaluate(async (at) => {
    performance.clearResourceTimings();
    const start = performance.now();
    document.querySelector<HTMLElement>(`[data-row="${at}"] td`)?.click();
    while (!document.querySelector('[role=dialog] article')) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const all = performance.now() - start;
    const asked = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
      name.includes('/rows/'),
    );
    return { all, answer: Math.max(0, ...asked.map(({ responseEnd }) => responseEnd - start)) };
  }, row);
}

/** Milliseconds from the key `j` to the picture of the next row, which was fetched ahead. */
async function nextRow(row: number): Promise<number> {
  await openRow(row - 1);
  await page.waitForTimeout(700);
  return page.evaluate(async (position) => {
    const start = performance.now();
    const key = new KeyboardEvent('keydown', { key: 'j', bubbles: true });
    document.querySelector('[role=dialog] [tabindex="-1"]')?.dispatchEvent(key);
    while (!document.querySelector(`[role=dialog][aria-label^="Row ${position} "] article`)) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - start;
  }, row + 1);
}

/** The same text as one text node. */
const openPlain = (text: string) =>
  page.evaluate(async (shown) => {
    const start = performance.now();
    const pre = document.createElement('pre');
    pre.style.cssText = 'position:fixed;inset:0 0 0 50%;overflow:auto;white-space:pre-wrap;z-index:9999';
    pre.textContent = shown;
    document.body.append(pre);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const all = performance.now() - start;
    pre.remove();
    return all;
  }, text);

try {
  await page.goto(`${url}/d/long`);
  await page.locator('[data-row="1"]').waitFor({ timeout: 30_000 });
  console.log(machine());
  const first = await openRow(0);
  console.log(`the first row, chunks not loaded: ${first.all.toFixed(0)} ms`);
  await page.waitForTimeout(1_000);
  for (const [row, [name, text]] of ROWS.entries()) {
    const opened: { all: number; answer: number }[] = [];
    const plain: number[] = [];
    for (let i = 0; i < 5; i++) {
      opened.push(await openRow(row));
      plain.push(await openPlain(text));
    }
    const all = median(opened.map((one) => one.all));
    const next: number[] = [];
    for (let i = 0; i < 3 && row > 0; i++) {
      next.push(await nextRow(row));
    }
    console.log(
      `${name}: ${all.toFixed(0)} ms to the picture (the store's answer ${median(opened.map((one) => one.answer)).toFixed(0)} ms of it); ` +
        `as plain text ${median(plain).toFixed(0)} ms (×${(all / median(plain)).toFixed(1)})` +
        (row > 0 ? `; as the next row, by key ${median(next).toFixed(0)} ms` : ''),
    );
    if (name.startsWith('200 KB')) {
      console.log(`  goal 100 ms: ${all <= 100 ? 'reached' : 'missed'}`);
      // Whatever the machine, the reader costs no more than a few times what the bare text does.
      if (all - median(opened.map((one) => one.answer)) > 5 * median(plain)) {
        process.exitCode = 1;
      }
    }
  }
} finally {
  await browser.close();
  await preview.close();
  await store.stop();
}
