import { expect } from '@grafana/plugin-e2e';
import { finishedRun } from './finishedRun';
import { panelOf } from './names';
import { metricsOf, test } from './ownDashboard';

interface Drawn {
  text: string;
  /** Of its middle, and how far it reaches to both sides, in the canvas's pixels. */
  x: number;
  y: number;
  half: number;
}
type Canvas = HTMLCanvasElement & { drawn?: Drawn[] };

test('ticks of steps are told once each, and the last one whole', async ({
  gotoDashboardPage,
  saveDashboard,
  page,
  request,
}) => {
  const { id, metric } = await finishedRun(request);
  const query = metricsOf(id, [metric], { x: { by: 'step' } });
  const uid = await saveDashboard([{ type: 'trend', query, options: { xField: 'Step' }, width: 12 }]);
  await page.addInitScript(() => {
    const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      (this.canvas as Canvas).drawn = [];
      clearRect.apply(this, area);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
      const at = this.getTransform().transformPoint({ x, y });
      const canvas = this.canvas as Canvas;
      canvas.drawn = [...(canvas.drawn ?? []), { text, x: at.x, y: at.y, half: this.measureText(text).width / 2 }];
      fillText.call(this, text, x, y, ...rest);
    };
  });
  await gotoDashboardPage({ uid });
  const canvas = panelOf(page, 1).locator('canvas').first();
  const ofSteps = () =>
    canvas.evaluate((element) => {
      const { drawn = [], width } = element as Canvas;
      const lowest = Math.max(...drawn.map(({ y }) => y));
      return { width, ticks: drawn.filter(({ y, text }) => y === lowest && /^\d+$/.test(text)) };
    });
  await expect.poll(async () => (await ofSteps()).ticks.length).toBeGreaterThan(1);
  const { width, ticks } = await ofSteps();
  const texts = ticks.map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect(Math.max(...ticks.map(({ x, half }) => x + half))).toBeLessThanOrEqual(width);
});
