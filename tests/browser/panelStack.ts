import { rm } from 'node:fs/promises';
import { createPreview } from '../../preview/server';
import { launchChromium } from './chromium';
import { type Stack, startStore } from './harness';
import { type PanelDashboard, writeDashboards } from './panelDashboard';

/** Store, preview and browser, for dashboards of one Rollouts panel each; `log` gives the store something to show. */
export async function startPanelStack(
  dashboards: PanelDashboard[],
  log: (storeUrl: string) => Promise<void>,
): Promise<Stack> {
  const store = await startStore();
  await log(store.url);
  const folder = await writeDashboards(dashboards);
  const source = { name: 'store', type: 'rolloscope-runs-datasource', uid: 'store', url: store.url, isDefault: true };
  const preview = await createPreview({ dashboards: folder, dataSources: [source] });
  const previewUrl = await preview.listen({ host: '127.0.0.1', port: 0 });
  const browser = await launchChromium();
  return {
    storeUrl: store.url,
    previewUrl,
    browser,
    async stop() {
      await browser.close();
      await preview.close();
      await store.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
