import { type Browser, chromium } from 'playwright-core';
import { toolPath } from '../../.config/testTools';
import { callKeeper } from '../processes/startProcess';

/** A headless Chromium of the machine. */
export function launchChromium(): Promise<Browser> {
  callKeeper();
  return chromium.launch({
    executablePath: toolPath('chromium'),
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
