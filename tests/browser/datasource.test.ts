import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './dashboard';
import { openPage, type Stack, startPreview, startStack, startStore } from './harness';

let stack: Stack;

async function send(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${stack.storeUrl}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok, await answer.text()).toBe(true);
}

beforeAll(async () => {
  stack = await startStack();
  await send('PUT', '/runs/r1', { project: 'p', name: 'first', tags: ['baseline'] });
  const entries = Array.from({ length: 10 }, (_, i) => ({
    step: i + 1,
    metrics: { 'eval/accuracy/mean': (i + 1) / 20, 'critic/rewards/mean': i / 10 },
    tables: {
      rollouts: {
        columns: ['prompt', 'response', 'reward'],
        rows: [
          ['q', `good ${i + 1}`, 1.1],
          ['q', `bad ${i + 1}`, -0.1],
        ],
      },
    },
  }));
  await send('POST', '/runs/r1/log', { entries });
});

afterAll(() => stack?.stop());

async function open(path: string): Promise<{ page: Page; faults: string[] }> {
  const opened = await openPage(stack.browser, 1300);
  await opened.page.goto(stack.previewUrl + path);
  return opened;
}

it('a click on a point leads to the rollouts of its step', async () => {
  const { page } = await open('/d/rolloscope-run-overview');
  const plot = page.locator('.u-over').first();
  const link = page.getByText('Rollouts of this step').first();
  await eventually(async () => {
    // The chart may have moved since, as variables above it came.
    const { x, y, width, height } = (await plot.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    // While the run goes on, its axis of ten steps has room for twelve.
    const at = [x + (width * (5 - 1)) / (12 - 1), y + height / 2] as const;
    await page.mouse.move(...at);
    await page.mouse.click(...at);
    return link.isVisible();
  }).toBe(true);
  await link.click();
  await page.waitForURL(/var-step=5\b/);
  await page.getByText('good 5', { exact: true }).waitFor();
  await page.close();
});

it('a job of an explorer and a trainer is one choice, with the evals of the one beside the rollouts of the other', async () => {
  for (const part of ['explorer', 'trainer']) {
    await send('PUT', `/runs/x_${part}`, { project: 'jobs', group: 'g' });
  }
  const steps = [1, 2, 3];
  await send('POST', '/runs/x_explorer/log', {
    entries: steps.map((step) => ({ step, metrics: { 'eval/accuracy/mean': step / 10 } })),
  });
  const table = (step: number) => ({ columns: ['prompt', 'response', 'reward'], rows: [['q', `of step ${step}`, 1]] });
  await send('POST', '/runs/x_trainer/log', {
    entries: steps.map((step) => ({
      step,
      metrics: { 'critic/rewards/mean': step },
      tables: { rollout_examples: table(step) },
    })),
  });
  const { page } = await open('/d/rolloscope-seed-picture?var-project=jobs');
  await page.getByText('g (explorer + trainer)').waitFor();
  await page.getByText('of step 3', { exact: true }).waitFor();
  await eventually(() => page.locator('.u-over').count()).toBe(2);
  expect(await page.getByText('No data').count()).toBe(0);
  await page.close();
});

describe('Save & test', () => {
  async function test(url: string): Promise<string> {
    const preview = await startPreview(url);
    const { page } = await openPage(stack.browser);
    await page.goto(`${preview.url}/config/rolloscope`);
    await page.getByText('Save & test').click();
    const message = await page.locator('main').locator('[role=alert], [role=status]').textContent();
    await page.close();
    await preview.stop();
    return message ?? '';
  }

  it('says what is there', async () => {
    expect(await test(stack.storeUrl)).toMatch(/Connected to run store .+: 2 projects, 3 runs\./);
  });

  it('says that the store is down', async () => {
    expect(await test('http://127.0.0.1:9')).toContain('The run store does not answer');
  });

  it('says that the store wants a token', async () => {
    const closed = await startStore(['--read-token', 'secret']);
    expect(await test(closed.url)).toContain('refused the token, or wants one');
    await closed.stop();
  });

  it('says that a web page answers', async () => {
    const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    expect(await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).toContain('a web page instead of');
    server.close();
  });
});
