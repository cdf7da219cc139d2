import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, panel, rows, settled, showsRange } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';

/** Two runs over the same three questions: at every step each is sampled four times, and `b` gets worse. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax, which must stay as it is written
const QUESTIONS = ['What is 6 times 7?', 'What is 10 less 3?', 'Hostile <b>${run}</b>?'];
const STEPS = [10, 20, 30];
const START = Date.now() - 30 * 60_000;
const MINUTE = 60_000;
const TIME_CHART = 8;

let stack: Stack;

async function logRun(id: string, meanOf: (step: number) => number): Promise<void> {
  await call(stack.storeUrl, 'PUT', `/runs/${id}`, { project: 'p', name: id });
  const entries = STEPS.map((step, at) => ({
    step,
    time: START + at * 5 * MINUTE,
    metrics: { 'critic/rewards/mean': meanOf(step), 'eval/accuracy/mean': meanOf(step) },
    tables: {
      rollouts: {
        columns: ['reward', 'prompt', 'response', 'advantage', 'group_id'],
        rows: QUESTIONS.flatMap((prompt, q) =>
          [0, 1, 2, 3].map((i) => {
            const reward = q === 1 ? 0.5 : i === 0 ? meanOf(step) + 0.3 : meanOf(step) - 0.1;
            const advantage = q === 1 ? 0 : i === 0 ? 1.5 : -0.5;
            const response = `${id} thinks about step ${step}.\nThe answer is \\boxed{${i === 0 ? 42 : 40 + i}}`;
            return [reward, prompt, response, advantage, `${step}-${q}`];
          }),
        ),
      },
    },
  }));
  await call(stack.storeUrl, 'POST', `/runs/${id}/log`, { entries });
  await call(stack.storeUrl, 'POST', `/runs/${id}/finish`, {});
}

beforeAll(async () => {
  stack = await startStack();
  await logRun('a', () => 0.5);
  await logRun('b', (step) => 1 - step / 50);
});

afterAll(() => stack?.stop());

async function open(query: string, width = 1440): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, width, 2200);
  await opened.page.goto(`${stack.previewUrl}/d/rolloscope-run-overview?var-run=b${query}`);
  await showsRange(opened.page, /of/);
  await settled(opened.page);
  return opened;
}

const heat = (page: Page) => page.locator('[aria-roledescription=heatmap]');
const variable = (page: Page, name: string) => new URL(page.url()).searchParams.get(`var-${name}`) ?? '';
const step = (page: Page) => page.getByText(/^step -?\d+$/);
const group = (page: Page) => page.getByRole('region', { name: 'Group', exact: true });

/** The first row that has all of these texts. */
async function rowWith(page: Page, ...texts: string[]) {
  await eventually(async () => (await rows(page)).some((cells) => texts.every((text) => cells.includes(text)))).toBe(
    true,
  );
  const at = (await rows(page)).findIndex((cells) => texts.every((text) => cells.includes(text)));
  return page.locator(`[data-row="${at}"]`);
}

describe('the distribution', { timeout: 90_000 }, () => {
  it('is open on the run overview, and says in words what it shows', async () => {
    const { page, faults } = await open('');
    await eventually(() => heat(page).getAttribute('aria-label')).toMatch(
      /^36 rollouts, reward from 0\.3 to 1\.1, step from 10 to 30\. Mean 0\.7 at step 10, 0\.4333 at step 30/,
    );
    await page.getByRole('button', { name: 'Hide the distribution' }).click();
    await eventually(() => heat(page).count()).toBe(0);
    await eventually(async () => page.url()).toContain('distribution.closed');
    await page.reload();
    await showsRange(page, /of 12$/);
    expect(await heat(page).count()).toBe(0);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('chooses a cell by a click, steps by their labels, and shows exactly what they count', async () => {
    const { page, faults } = await open('');
    const box = (await heat(page).boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // The first column's highest rewards: two questions, one rollout each.
    await page.mouse.click(box.x + 60, box.y + 10);
    await showsRange(page, /^1 - 2 of 2$/);
    expect((await rows(page)).map((cells) => cells.slice(1, 3))).toEqual([
      ['10', '1.1'],
      ['10', '1.1'],
    ]);
    expect(variable(page, 'step')).toBe('10');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await eventually(async () => variable(page, 'step')).toBe('');
    // Along the axis: from the first to the second step.
    await page.mouse.move(box.x + 60, box.y + box.height - 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 130, box.y + box.height - 5, { steps: 3 });
    await page.mouse.up();
    await showsRange(page, /of 24$/);
    expect(variable(page, 'step')).toBe('10-20');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('is walked by keyboard, and counts responses by length', async () => {
    const { page } = await open('');
    await heat(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await eventually(() => page.getByText(/^step 20, reward .* rollouts/).count()).toBe(1);
    await page.keyboard.press('Space');
    await eventually(async () => variable(page, 'step')).toBe('20');
    await showsRange(page, /of 12$/);
    await heat(page).focus();
    await page.keyboard.press('Escape');
    await eventually(async () => variable(page, 'step')).toBe('');
    await page.getByLabel('By length').check({ force: true });
    await eventually(() => heat(page).getAttribute('aria-label')).toMatch(/chars from [\d.]+ to [\d.]+/);
    await page.close();
  });
});

describe('the group', { timeout: 90_000 }, () => {
  it('shows by g from the table: rewards, spread, advantages as logged, best against worst', async () => {
    const { page, faults } = await open('&var-step=10');
    await (await rowWith(page, '1.1')).focus();
    await page.keyboard.press('g');
    await eventually(() => group(page).getByRole('heading', { name: 'Group of 4' }).count()).toBe(1);
    const marks = group(page).getByRole('toolbar').getByRole('button');
    expect(await marks.allTextContents()).toEqual(['1.1', '0.7', '0.7', '0.7']);
    expect(await marks.first().getAttribute('aria-current')).toBe('true');
    expect(await group(page).textContent()).toContain('(r − mean) / (sd + 1e-6), sd over n − 1 as logged');
    const diff = page.getByRole('region', { name: 'Comparison of two responses' });
    await eventually(() => diff.locator('section del').allTextContents()).toEqual(['42']);
    expect(await diff.locator('section ins').allTextContents()).toEqual(['43']);
    await marks.first().focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await eventually(() => marks.last().getAttribute('aria-current')).toBe('true');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('flags a group without spread', async () => {
    const { page } = await open('&var-step=10');
    await (await rowWith(page, '0.5')).focus();
    await page.keyboard.press('g');
    await eventually(() => group(page).getByText('Zero spread').count()).toBe(1);
    expect(await group(page).textContent()).toMatch(/sd over n0/);
    await page.close();
  });

  it('follows the prompt over steps and runs, and goes there', async () => {
    const { page, faults } = await open('&var-step=10');
    await (await rowWith(page, '1.1', QUESTIONS[0] ?? '')).focus();
    await page.keyboard.press('g');
    const history = page.getByRole('region', { name: 'The same prompt elsewhere' });
    await eventually(() => history.locator('tbody tr').count()).toBe(3);
    expect(await history.locator('tbody tr').nth(1).textContent()).toMatch(/^b2040\.6.*0\.2/);
    expect(await history.getByRole('img', { name: /^regressed by/ }).count()).toBe(2);
    await history.getByLabel('All runs').check({ force: true });
    await eventually(() => history.locator('tbody tr').count()).toBe(6);
    await history.getByRole('button', { name: 'Compare with the best of step 30 of a' }).click();
    const diff = page.getByRole('region', { name: 'Comparison of two responses' });
    await eventually(() => diff.locator('section ins').allTextContents()).toEqual(['a', '30']);
    expect(await diff.getByRole('heading').textContent()).toContain('against a, step 30 (');
    await history.getByRole('button', { name: 'Go to step 20 of a' }).click();
    await eventually(async () => [variable(page, 'run'), variable(page, 'step')]).toEqual(['a', '20']);
    // The same prompt is open there.
    await eventually(() => group(page).locator('xpath=..').textContent()).toContain('a thinks about step 20');
    expect(faults).toEqual([]);
    await page.close();
  });
});

describe('the other panels', { timeout: 90_000 }, () => {
  const cursor = (page: Page) =>
    panel(page, TIME_CHART)
      .locator('.u-cursor-x')
      .evaluate((element) => element.getBoundingClientRect().x);

  it('share their crosshair with the rows, both ways', async () => {
    // The best of each step, so that two steps are on the page.
    const best = encodeURIComponent(`filter.${encodeURIComponent('ge ["reward",0.69]')}`);
    const { page } = await open(`&var-step=10-30&rollouts-5=${best}`);
    const chart = (await panel(page, TIME_CHART).locator('.u-over').boundingBox()) ?? {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    };
    const places: number[] = [];
    for (const at of ['30', '20']) {
      await (await rowWith(page, at)).hover();
      await page.waitForTimeout(300);
      places.push(await cursor(page));
    }
    const [late = 0, early = 0] = places;
    expect(late - early).toBeGreaterThan(0);
    // Five minutes of an hour.
    expect((late - early) / chart.width).toBeCloseTo(5 / 60, 1);
    await page.mouse.move(late, chart.y + chart.height / 2);
    const marked = page.locator('tr[data-moment]');
    await eventually(() => marked.count()).toBeGreaterThan(0);
    const steps = await marked.evaluateAll((list) => list.map((row) => row.children[1]?.textContent));
    expect(new Set(steps)).toEqual(new Set(['30']));
    await page.mouse.move(10, 10);
    await eventually(() => marked.count()).toBe(0);
    await page.close();
  });

  it('follow to another step, which keeps the prompt, and to its moment', async () => {
    const { page } = await open('&var-step=20');
    await (await rowWith(page, QUESTIONS[1] ?? '')).click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    await eventually(() => reader.textContent()).toContain(QUESTIONS[1]);
    await page.getByRole('button', { name: 'Step 30: the next one' }).click();
    await eventually(async () => variable(page, 'step')).toBe('30');
    await eventually(() => reader.textContent()).toMatch(/b thinks about step 30/);
    expect(await reader.textContent()).toContain(QUESTIONS[1]);
    expect(await step(page).first().textContent()).toBe('step 30');
    await page.getByRole('button', { name: 'Show this moment' }).click();
    const time = (name: string) => new Date(new URL(page.url()).searchParams.get(name) ?? '').getTime();
    await eventually(async () => time('from')).toBeLessThan(START + 5 * MINUTE);
    expect(time('to')).toBeGreaterThan(START + 10 * MINUTE);
    expect(time('to') - time('from')).toBeLessThan(30 * MINUTE);
    await page.close();
  });

  it('follow the keys for the previous and the next step, from a row of the table and from the reader', async () => {
    const { page, faults } = await open('&var-step=20');
    await eventually(() => page.getByRole('button', { name: 'Step 30: the next one (.)' }).count()).toBe(1);
    await (await rowWith(page, QUESTIONS[1] ?? '')).focus();
    await page.keyboard.press('.');
    await eventually(async () => variable(page, 'step')).toBe('30');
    await rowWith(page, '30');
    await eventually(() => step(page).first().textContent()).toBe('step 30');
    await eventually(() => page.getByRole('button', { name: 'Step 20: the previous one' }).count()).toBe(1);
    await (await rowWith(page, QUESTIONS[1] ?? '')).focus();
    await page.keyboard.press(',');
    await eventually(async () => variable(page, 'step')).toBe('20');
    await eventually(() => page.getByRole('button', { name: 'Step 10: the previous one' }).count()).toBe(1);

    await (await rowWith(page, QUESTIONS[1] ?? '')).click();
    const reader = page.getByRole('dialog', { name: /^Row / });
    await eventually(() => reader.textContent()).toContain('b thinks about step 20');
    await eventually(() => reader.getByRole('button', { name: 'Step 10: the previous one (,)' }).count()).toBe(1);
    await page.keyboard.press(',');
    await eventually(() => reader.textContent()).toMatch(/b thinks about step 10/);
    expect(await reader.textContent()).toContain(QUESTIONS[1]);
    await page.keyboard.press('?');
    await eventually(() => reader.getByRole('region', { name: 'Keys' }).textContent()).toContain('Previous step');
    // In a field a comma is a comma.
    await page.keyboard.press('/');
    await page.keyboard.type('1,2.');
    await eventually(() => reader.getByRole('search').getByRole('textbox').inputValue()).toBe('1,2.');
    expect(variable(page, 'step')).toBe('10');
    expect(faults).toEqual([]);
    await page.close();
  });
});
