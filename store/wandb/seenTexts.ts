import { createHash } from 'node:crypto';
import type { SeenText, WandbRunState } from './WandbRunState';

/** Names of texts of one run, and characters of all of them: they are kept with every commit of the run. */
const MOST_NAMES = 500;
const MOST_CHARS = 64 * 1024;

/** Remembers a text that a run logged, or has in its summary. `known`: it was the newest already; `full`: no more names. */
export function keepText(state: WandbRunState, name: string, text: string): 'new' | 'known' | 'full' {
  const digest = createHash('sha1').update(text).digest('base64url').slice(0, 16);
  const known = Object.hasOwn(state.texts, name) ? state.texts[name] : undefined;
  if (known?.digest === digest) {
    return 'known';
  }
  if (!known && Object.keys(state.texts).length >= MOST_NAMES) {
    return 'full';
  }
  const others = Object.entries(state.texts).filter(([one]) => one !== name);
  const room = MOST_CHARS - others.reduce((sum, [, one]) => sum + (one.text?.length ?? 0), 0);
  const seen: SeenText = { digest, ...(text.length <= room && { text }) };
  state.texts = Object.fromEntries([...others, [name, seen]]);
  return 'new';
}

/** The texts of a run's summary, by name, without those too long to be remembered. */
export const textsOf = ({ texts }: WandbRunState): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).flatMap(([name, { text }]) => (text === undefined ? [] : [[name, text]])));
