import { cutText } from '../../text/cutText';
import { readTranscript } from './readTranscript';
import type { Turn } from './Turn';

/** A cell looks no farther: system prompts with lists of tools are shorter. */
const LOOKED_AT = 16_384;

/**
 * Returns where in a prompt that begins with other turns, such as the system's, what the user asked last begins, in
 * UTF-16 units; 0 where nothing comes before it, or no turns can be told.
 */
export function questionStart(prompt: string): number {
  const turns = readTranscript({ prompt: cutText(prompt, LOOKED_AT) })[0]?.turns ?? [];
  const last = turns.map(({ role }) => role).lastIndexOf('user');
  const question = turns[last];
  if (!question || last === 0) {
    return 0;
  }
  const before = turns.slice(0, last).reduce((sum, { raw }) => sum + raw.length, 0);
  return before + beginOf(question);
}

/** Returns where within a turn its text begins, in UTF-16 units. In a list of messages the text stands escaped. */
function beginOf({ raw, text }: Turn): number {
  const start = cutText(text, 20);
  const places = [raw.indexOf(text), raw.indexOf(JSON.stringify(start).slice(1, -1)), raw.search(/[^,\s]/)];
  return places.find((at) => at >= 0) ?? 0;
}
