import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What stands under the table, such as `1 - 3 of 4`. */
export const range = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).locator('span').first();

export const headers = (page: Page) => page.locator('thead th').allTextContents();

/** Texts of the rows that are drawn, index column first. */
export const rows = (page: Page) =>
  page
    .locator('tbody tr[data-row]')
    .evaluateAll((list) => list.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));

export const showsRange = (page: Page, text: string | RegExp) =>
  expect.poll(() => range(page).textContent()).toMatch(text);

export const eventually = <T>(read: () => Promise<T>) => expect.poll(read);

export const panel = (page: Page, id: number) => page.locator(`[data-panel="panel-${id}"]`);

/** Of every panel in error: its plugin and what it says. */
export const panelErrors = (page: Page) =>
  page
    .locator('[data-panel-error]')
    .evaluateAll((list) =>
      list.map((one) => `${one.getAttribute('data-panel-plugin')}: ${one.getAttribute('data-panel-error')}`),
    );

/** Resolves when no panel loads any more. */
export const settled = (page: Page) =>
  eventually(() =>
    page
      .locator('[data-panel-state]')
      .evaluateAll(
        (list) => list.length > 0 && list.every((one) => one.getAttribute('data-panel-state') !== 'Loading'),
      ),
  ).toBe(true);

type Drawn = HTMLCanvasElement & { drawnTexts?: Set<string> };

/** Charts draw their ticks and labels on a canvas; this keeps what they draw. Call it before the page opens. */
export const keepDrawnTexts = (page: Page) =>
  page.addInitScript(() => {
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (...args) {
      const canvas = this.canvas as Drawn;
      canvas.drawnTexts ??= new Set();
      canvas.drawnTexts.add(args[0]);
      fillText.apply(this, args);
    };
  });

/** Ticks and labels of the chart in a panel. */
export const drawnTexts = (page: Page, id: number) =>
  panel(page, id)
    .locator('canvas')
    .evaluateAll((list) => list.flatMap((canvas) => [...((canvas as Drawn).drawnTexts ?? [])]));

/** Red, green and blue of the colour that a chart has most of, greys aside. */
export const lineColor = (page: Page, id: number): Promise<number[]> =>
  panel(page, id)
    .locator('canvas')
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const counts = new Map<string, number>();
      for (let i = 0; i < pixels.length; i += 4) {
        const color = [...pixels.slice(i, i + 4)];
        const [r = 0, g = 0, b = 0, alpha] = color;
        if (alpha === 255 && Math.max(r, g, b) - Math.min(r, g, b) > 60) {
          const key = color.slice(0, 3).join();
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      }
      const [most] = [...counts].sort((a, b) => b[1] - a[1]);
      return most ? most[0].split(',').map(Number) : [];
    });
