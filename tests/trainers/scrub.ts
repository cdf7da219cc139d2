import { hostname } from 'node:os';
import type { Exchange } from './Exchange';

/** What stands in a recording for what is this machine's own: a text, and its place-holder. */
export type Neutral = readonly [string, string];

/** A recording names no machine: the longest first, since a folder may stand in another. */
export const neutrals = (own: readonly Neutral[]): Neutral[] =>
  [...own, [hostname(), 'trainer-host'] as const].sort(([one], [other]) => other.length - one.length);

export const scrubbed = (text: string, own: readonly Neutral[]) =>
  own.reduce((rest, [said, neutral]) => rest.replaceAll(said, neutral), text);

export const scrubbedExchange = (exchange: Exchange, own: readonly Neutral[]): Exchange => ({
  ...exchange,
  path: scrubbed(exchange.path, own),
  body: scrubbed(exchange.body, own),
});

/** Where people, machines and what is temporary have their files, but for the one name that recordings use. */
const OWN_PLACES =
  /\/(?:root|tmp|private|var\/folders|mnt|opt\/hostedtoolcache|Users\/\w+|home\/(?!trainer\b)\w+)\b[/"'\\ ]/;
const ADDRESS = /\b(?!127\.0\.0\.1\b)(?:\d{1,3}\.){3}\d{1,3}:\d+|[\w.+-]+@[\w-]+\.\w+/;
const SECRET = /\b(?:Basic|Bearer) [\w+/=-]{8,}|hf_\w{20,}/;

/** What tells of the machine that a text was recorded on, or nothing. */
export const tellsOfItsMachine = (text: string): string[] =>
  [OWN_PLACES, ADDRESS, SECRET].flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
