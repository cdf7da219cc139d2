import { fileURLToPath } from 'node:url';
import { launchChromium } from '../browser/chromium';
import { freePort } from '../processes/freePort';
import { startProcess } from '../processes/startProcess';
import { machine } from './machine';

/** From `npm start` on a built tree to the first picture with data in a browser. Goal: ≤ 10 s. */
const root = fileURLToPath(new URL('../..', import.meta.url));
const [storePort, port] = [await freePort(), await freePort()];
const browser = await launchChromium();
const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
const started = performance.now();
const { process: npm, ended } = startProcess('npm', ['start'], {
  cwd: root,
  env: { ...process.env, STORE_PORT: String(storePort), PORT: String(port) },
});
try {
  const giveUp = Date.now() + 60_000;
  let painted = false;
  while (!painted && Date.now() < giveUp) {
    painted = await page
      .goto(`http://localhost:${port}/d/rolloscope-run-overview`)
      .then(() => page.waitForSelector('[role=grid] tr[data-row]', { timeout: 5_000 }))
      .then(() => page.waitForSelector('canvas', { timeout: 5_000 }))
      .then(() => true)
      .catch(() => false);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(machine());
  console.log(`npm start to the first picture with data: ${seconds.toFixed(1)} s (goal 10 s)`);
  process.exitCode = painted ? 0 : 1;
} finally {
  await browser.close();
  process.kill(-(npm.pid ?? 0), 'SIGINT');
  await ended;
}
