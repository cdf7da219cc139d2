import { isMediaRef } from '@rolloscope/contract';
import type { MediaRef } from '@rolloscope/contract/types';

/*
 * Which media a run uses stands in a file of the run's own, a line each, that only grows: what a line names is there
 * before it. A power cut can leave half a line at the end.
 */

export const useLine = (ref: MediaRef): string => `${JSON.stringify(ref)}\n`;

interface Uses {
  refs: MediaRef[];
  /** Characters of whole lines; less than the text has where it ends in half of one. */
  whole: number;
  /** True where some line says nothing: then it is not known what is used. */
  isDamaged: boolean;
}

export function readUses(text: string): Uses {
  const whole = text.lastIndexOf('\n') + 1;
  const uses: Uses = { refs: [], whole, isDamaged: false };
  for (const line of text.slice(0, whole).split('\n')) {
    if (line !== '') {
      const ref = read(line);
      if (isMediaRef(ref) && Number.isSafeInteger(ref.bytes)) {
        uses.refs.push(ref);
      } else {
        uses.isDamaged = true;
      }
    }
  }
  return uses;
}

function read(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
