import type { Locator, Page } from 'playwright-core';
import { recordTasks } from './longTasks';

/** Longest that one task may hold up the page, on a machine as quick as the one it was set on. */
const LONGEST_MS = 200;
/** What the fixed work below took there. */
const REFERENCE_MS = 200;
const WORK = `for (let i = 0, s = ''; i < 400; i++) { s = JSON.stringify(JSON.parse(JSON.stringify(Array.from({ length: 2000 }, (_, k) => ({ k, t: 'x' + k }))))); }`;

/** How many times as slow this machine is, and the milliseconds of processor time that one task may take on it. */
export async function measureMachine(page: Page): Promise<{ slower: number; longestAllowed: number }> {
  const work = await recordTasks(page, () => page.evaluate(WORK));
  const slower = Math.max(1, Math.max(...work.map(({ cpu }) => cpu)) / REFERENCE_MS);
  return { slower, longestAllowed: LONGEST_MS * slower };
}

/** Anything that a text could have brought to the page; Grafana's own icons are drawn inline. */
const FOREIGN =
  'script, img, iframe, object, embed, a[href], form, link, style, meta, base, video, audio, picture, use, [srcdoc], [style*="url("]';

/** What a text has brought into a part of the page, in words; nothing, where all is well. */
export async function whatGotThrough(part: Locator): Promise<string[]> {
  return part.evaluate((dialog, selector) => {
    const found = [...dialog.querySelectorAll(selector)].map((one) => `element ${one.outerHTML.slice(0, 100)}`);
    for (const one of dialog.querySelectorAll('*')) {
      const handler = one.getAttributeNames().find((attribute) => attribute.startsWith('on'));
      if (handler) {
        found.push(`attribute ${handler}`);
      }
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    const hidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069]/.exec(dialog.textContent ?? '');
    if (hidden) {
      found.push(`character ${hidden[0].charCodeAt(0).toString(16)}`);
    }
    if ('hacked' in window) {
      found.push('script');
    }
    return found;
  }, FOREIGN);
}
