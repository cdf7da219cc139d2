import { BARE_HARMONY, beginsWithChannel } from './gluedNames';
import { readHead } from './readName';
import type { Template } from './Template';
import { TEMPLATES } from './templates';

export interface Detected {
  template: Template;
  isGuess: boolean;
  /** Its ending tokens were stripped. */
  lostEnds?: true;
}

/** Characters that are more than any opening or ending of a text that a template tells itself by. */
const EDGE = 500;
/** A prompt of bare names is looked through so far. */
const GUESS = 200_000;

const sources = (template: Template, opens: boolean) =>
  template.marks
    .filter((mark) => (mark.opens !== undefined) === opens)
    .map(({ token }) => `(?:${token})`)
    .join('|');

const assistantOpening = (template: Template) =>
  template.marks
    .filter(({ opens }) => opens === 'assistant')
    .map(({ token }) => token)
    .join('|');

const EXACT = TEMPLATES.filter(({ isGuess }) => !isGuess).map((template) => {
  const lead = template.lead ? `(?:\\s{0,99}(?:${template.lead})){0,9}` : '';
  const opening = template.leadOpens ? `${template.lead}|${sources(template, true)}` : sources(template, true);
  return {
    template,
    begins: new RegExp(`^${lead}\\s{0,99}(?:${opening})`),
    /** A turn ended, the assistant's opened, nothing said yet: how a template leaves a prompt. */
    awaits: new RegExp(
      `(?:${sources(template, false)})\\s{0,9}(?:${sources(template, true)})\\s{0,9}(?:<think>\\s{0,9})?$`,
    ),
    ends: new RegExp(sources(template, false)),
    /** The same where a decoder stripped the ending tokens. */
    awaitsBare: template.losesEnds
      ? new RegExp(`(?:${assistantOpening(template)})\\s{0,9}(?:<think>\\s{0,9})?$`)
      : undefined,
    lead: template.lead ? new RegExp(`^\\s{0,99}(?:${template.lead})`) : undefined,
  };
});
type Exact = (typeof EXACT)[number];
const GUESSES = TEMPLATES.filter(({ isGuess }) => isGuess);

/**
 * The template that a whole conversation or a prompt follows: the one whose tokens open it. A prompt whose beginning
 * was cut off tells itself by the turn that it leaves open. Bare names count where both speakers have one, and the text
 * begins or ends with it.
 */
export function detectTemplate(text: string): Detected | undefined {
  const head = text.slice(0, EDGE);
  const exact = EXACT.find(({ begins }) => begins.test(head));
  if (exact) {
    return { template: exact.template, isGuess: false, ...(lostEnds(text, exact) && { lostEnds: true as const }) };
  }
  const tail = text.slice(-EDGE);
  const bare = EXACT.find(({ awaitsBare }) => awaitsBare?.test(tail));
  if (bare && lostEnds(text, bare)) {
    return { template: bare.template, isGuess: false, lostEnds: true };
  }
  const cut = EXACT.find(({ awaits }) => awaits.test(tail));
  const guess = cut?.template ?? GUESSES.find((template) => isSpoken(text.slice(0, GUESS), template));
  return guess && { template: guess, isGuess: true };
}

const lostEnds = (text: string, { template, ends, lead }: Exact) =>
  template.losesEnds === true && !lead?.test(text) && !ends.test(text);

/** Harmony with its tokens stripped, where a response begins with a channel. What another family's prompt opens is its own. */
export function detectChannels(response: string, known: Detected | undefined): Detected | undefined {
  const isHarmony = known?.template.name.startsWith('Harmony') === true;
  const isOpen = known === undefined || known.isGuess || isHarmony;
  return isOpen && beginsWithChannel(response, isHarmony) ? { template: BARE_HARMONY, isGuess: true } : undefined;
}

/** The template whose tokens end what a response says, where nothing else tells one. */
export function detectEnding(text: string): Detected | undefined {
  const head = text.slice(0, EDGE);
  const begun = EXACT.find(({ begins }) => begins.test(head));
  if (begun) {
    return { template: begun.template, isGuess: false };
  }
  const found = EXACT.map(({ template, ends }) => ({ template, at: text.search(ends) })).filter(({ at }) => at >= 0);
  const first = found.sort((a, b) => a.at - b.at)[0];
  return first && { template: first.template, isGuess: false };
}

function isSpoken(text: string, template: Template): boolean {
  const pattern = new RegExp(template.marks.map(({ token }) => `(${token})`).join('|'), 'g');
  const roles = new Set<string>();
  let first = -1;
  let last = { role: 'text', end: 0 };
  for (const match of text.matchAll(pattern)) {
    const mark = template.marks[match.findIndex((group, i) => i > 0 && group !== undefined) - 1];
    const role = mark?.opens === 'named' ? readHead(match[0]).role : (mark?.opens ?? 'text');
    first = first < 0 ? match.index : first;
    last = { role, end: match.index + match[0].length };
    roles.add(role);
  }
  const isWhole = text.slice(0, Math.max(first, 0)).trim() === '';
  const isOpen = last.role === 'assistant' && text.length - last.end < EDGE;
  const isShaped = template.shape?.test(text) ?? (isWhole || isOpen);
  return roles.has('user') && roles.has('assistant') && isShaped;
}
