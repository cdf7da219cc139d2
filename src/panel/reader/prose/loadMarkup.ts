import { lazyChunk } from '../../lazy/lazyChunk';
import { highlighting } from '../blocks/CodeBlock';
import { typesetting } from '../blocks/Formula';
import type { Block } from './splitBlocks';

export const markdown = lazyChunk(() => import('../markdown/Markdown'));

/** Fetches what draws a block: all that comes later would be drawn again when it comes. */
export async function loadMarkup({ kind, text }: Block): Promise<void> {
  const isProse = kind === 'prose';
  await Promise.all([
    isProse && markdown.load(),
    (kind === 'math' || (isProse && /\$|\\[([]/.test(text))) && typesetting.load(),
    (kind === 'code' || (isProse && /```|~~~/.test(text))) && highlighting.load(),
  ]);
}
