import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A headless Chromium of the machine: `CHROMIUM_PATH`, a usual place, or Playwright's own. */
export function launchChromium(): Promise<Browser> {
  const found = [process.env.CHROMIUM_PATH, ...CANDIDATES, chromium.executablePath()].find(
    (path) => path !== undefined && path !== '' && existsSync(path),
  );
  if (!found) {
    throw new Error(
      'The browser tests need a Chromium. Install one (Debian and Ubuntu: apt-get install chromium; elsewhere: ' +
        'npx playwright-core install chromium), or set CHROMIUM_PATH to its executable.',
    );
  }
  return chromium.launch({
    executablePath: found,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
