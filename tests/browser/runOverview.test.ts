import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnTexts, eventually, keepDrawnTexts, panel, panelErrors, rows, settled, showsRange } from './dashboard';
import { openPage, type Stack, startStack } from './harness';
import { call } from './seedPicture';
import { createRun, logSteps } from './trainingRun';

const STATUS = [1, 9];
const AGENTS = { seconds: 11, kinds: 12, age: 13 };
const CHARTS = { accuracy: 2, reward: 3, length: 4 };

let stack: Stack;

/** In the order of their making: the newest of all is finished, so it is not the newest that runs. */
beforeAll(async () => {
  stack = await startStack();
  const { storeUrl } = stack;
  await createRun(storeUrl, 'base', { tags: ['baseline'] });
  await logSteps(storeUrl, 'base', 1, 10);
  await call(storeUrl, 'POST', '/runs/base/finish', {});
  for (const id of ['older', 'newer', 'done']) {
    await createRun(storeUrl, id);
    await logSteps(storeUrl, id, 1, 8);
  }
  await call(storeUrl, 'POST', '/runs/done/finish', {});
});

afterAll(() => stack?.stop());

async function open(query = ''): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1440, 1400);
  await keepDrawnTexts(opened.page);
  await opened.page.goto(`${stack.previewUrl}/d/rolloscope-run-overview${query}`);
  await showsRange(opened.page, / of 40$/);
  return opened;
}

const status = async (page: Page) => (await Promise.all(STATUS.map((id) => panel(page, id).textContent()))).join();

const responses = async (page: Page) => (await rows(page)).map((cells) => cells[4]);

describe('the run overview', () => {
  it('is about the newest run that is running, and its baseline', async () => {
    const { page, faults } = await open();
    await eventually(async () => (await responses(page))[0]).toBe('newer 8 0');
    for (const figure of ['running', '50.8% ± 3.5%', '25%', '5%']) {
      await eventually(() => status(page)).toContain(figure);
    }
    for (const chart of Object.values(CHARTS)) {
      await eventually(() => drawnTexts(page, chart)).toContain('Step');
      expect(await panel(page, chart).textContent()).toMatch(/base/);
    }
    await settled(page);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it('shows the rollouts of the step that is entered, and the latest again when it is emptied', async () => {
    const { page, faults } = await open();
    const step = page.getByLabel('Step (empty: latest)');
    await step.fill('3');
    await step.press('Enter');
    // Of a step the worst come first.
    await eventually(async () => (await responses(page))[0]).toBe('newer 3 1');
    expect(new Set((await rows(page)).map((cells) => cells[1]))).toEqual(new Set(['3']));
    expect(new URL(page.url()).searchParams.get('var-step')).toBe('3');
    await step.fill('');
    await step.press('Enter');
    await eventually(async () => (await responses(page))[0]).toBe('newer 8 0');
    expect(faults).toEqual([]);
    await page.close();
  });

  it('opens a finished run by its link', async () => {
    const { page, faults } = await open('?var-run=done&var-step=2');
    await eventually(async () => (await responses(page))[0]).toBe('done 2 1');
    await eventually(() => status(page)).toContain('finished');
    await settled(page);
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  });

  it.each([390, 1440])('has a status that one can read, without empty height: %d px', async (width) => {
    const { page, faults } = await openPage(stack.browser, width, 1200);
    await page.goto(`${stack.previewUrl}/d/rolloscope-run-overview?var-run=newer`);
    await eventually(() => status(page)).toContain('50.8% ± 3.5%');
    const figures = await Promise.all(
      ['50.8% ± 3.5%', 'running'].map(async (text) => {
        const figure = page.getByText(text, { exact: true }).first();
        const size = await figure.evaluate((one) => Number.parseFloat(getComputedStyle(one).fontSize));
        return { size, box: await figure.boundingBox() };
      }),
    );
    for (const { size, box } of figures) {
      expect(size).toBeGreaterThanOrEqual(13);
      expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width).toBe(true);
    }
    for (const id of STATUS) {
      expect((await panel(page, id).boundingBox())?.height).toBeLessThanOrEqual(120);
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it('has ages and seconds of agents by step in a row of their own, and says where a run has none', async () => {
    const { storeUrl, previewUrl, browser } = stack;
    await createRun(storeUrl, 'agent', { project: 'agents' });
    const columns = ['reward', 'prompt', 'response', { name: 'turns', role: 'turns' }, 'trainingVersion'];
    const entries = Array.from({ length: 6 }, (_, step) => ({
      step,
      tables: { rollouts: { columns, rows: [[1, 'q', 'r', turnsOf(step), step + 3]] } },
    }));
    await call(storeUrl, 'POST', '/runs/agent/log', { entries });
    const { page, faults } = await openPage(browser, 1440, 1900);
    await keepDrawnTexts(page);
    const row = async (query: string) => {
      await page.goto(`${previewUrl}/d/rolloscope-run-overview?${query}`);
      await page.getByText('Agents: where the time of rollouts goes').click();
    };
    await row('var-project=agents&var-run=agent');
    await eventually(() => panel(page, AGENTS.seconds).textContent()).toContain('rollouts/seconds/p99');
    await eventually(() => drawnTexts(page, AGENTS.seconds)).toContain('Step');
    await eventually(
      async () => (await drawnTexts(page, AGENTS.kinds)).filter((text) => / s$/.test(text)).length,
    ).toBeGreaterThan(1);
    expect(await panel(page, AGENTS.kinds).textContent()).toContain('rollouts/toolSeconds/p99');
    // Nothing waited.
    expect(await panel(page, AGENTS.kinds).textContent()).not.toContain('queueSeconds');
    await eventually(() => panel(page, AGENTS.age).textContent()).toContain('rollouts/policyAge/mean');
    expect(await panelErrors(page)).toEqual([]);
    await row('var-project=training&var-run=newer');
    await eventually(() => panel(page, AGENTS.age).textContent()).toContain('No policyVersion and trainingVersion');
    await eventually(() => panel(page, AGENTS.seconds).textContent()).toContain('No turns with times');
    expect([await panelErrors(page), faults]).toEqual([[], []]);
    await page.close();
  }, 240_000);
});

const turnsOf = (policyVersion: number) => [
  { kind: 'generate', seconds: 2, content: 'I look it up.', policyVersion },
  { kind: 'tool', seconds: 4, tool: 'search', content: 'found' },
];
