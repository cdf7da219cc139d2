import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  id: string;
  nodes: { element?: Element; html: string; failureSummary?: string }[];
}
type Axe = { run(on: Document, options: object): Promise<{ violations: Violation[] }> };

/** What is ours: the panels, the reader, menus and the editor of options. What stands around is the preview's. */
const OURS =
  '[data-panel-plugin^="rolloscope-"] section, [role=dialog], #grafana-portal-container, [data-option=roles]';

/** Everything that axe finds in parts that are ours, as `rule: element, and why`. The whole page is looked at. */
export async function axeFindings(page: Page, ours = OURS): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.addScriptTag({ path: AXE });
  }
  return page.evaluate(async (within) => {
    const { axe } = window as unknown as { axe: Axe };
    const { violations } = await axe.run(document, { elementRef: true, resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) =>
      nodes
        .filter(({ element }) => element?.closest(within))
        .map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  }, ours);
}
