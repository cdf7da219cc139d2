import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import type { Picture } from './pictures';
import { type Pixels, palettePng } from './png';
import { openSized, type Stage } from './stage';

/** Pixels around what a picture is cut out of. */
const MARGIN = 8;
const MOST_TRIES = 20;

/** A picture as a PNG. Throws what was waited for in vain. */
export async function take({ width, height, show }: Picture, stage: Stage): Promise<Buffer> {
  const page = await openSized(stage, width, height);
  try {
    const parts = await show(page, stage);
    const clip = parts.length > 0 ? await around(page, parts) : undefined;
    const shoot = () =>
      page.screenshot({ animations: 'disabled', caret: 'hide', ...(clip && { clip, fullPage: true }) });
    return palettePng(await pixelsOf(page, await settled(shoot)));
  } finally {
    await page.context().close();
  }
}

/** What is shown when nothing has changed for a second. */
async function settled(shoot: () => Promise<Buffer>): Promise<Buffer> {
  let last = await shoot();
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await sleep(1_000);
    const next = await shoot();
    if (next.equals(last)) {
      return next;
    }
    last = next;
  }
  return last;
}

/** The smallest part of the page that has all of these, and a margin. */
async function around(page: Page, parts: Locator[]) {
  await page.evaluate(() => window.scrollTo(0, 0));
  const boxes = (await Promise.all(parts.map((part) => part.boundingBox()))).filter((box) => box !== null);
  const left = Math.max(0, Math.min(...boxes.map(({ x }) => x)) - MARGIN);
  const top = Math.max(0, Math.min(...boxes.map(({ y }) => y)) - MARGIN);
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A browser reads PNG, so nothing else needs to. */
async function pixelsOf(page: Page, png: Buffer): Promise<Pixels> {
  const blank = await page.context().newPage();
  const read = await blank.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = bitmap;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const blob = new Blob([context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()]);
    const url = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.readAsDataURL(blob);
    });
    return { width, height, rgba: url.slice(url.indexOf(',') + 1) };
  }, png.toString('base64'));
  return { ...read, rgba: new Uint8Array(Buffer.from(read.rgba, 'base64')) };
}
