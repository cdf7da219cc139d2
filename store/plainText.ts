/*
 * This makes texts fit to be shown to people: names, file names and messages come from whoever logs, and a terminal
 * does what control characters in them say.
 */

/** Controls, C1 among them; line and paragraph ends; invisible formatting, bidi overrides among it; halves of characters. */
const ARMED = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Joiners, without which some scripts and many emoji are not what they are. */
const HARMLESS = new Set(['\u200c', '\u200d']);

/** A text as one line that changes nothing on a terminal but the cells it takes: the rest is written as JSON would. */
export function disarmed(text: string): string {
  return text.replace(ARMED, (char) => (HARMLESS.has(char) ? char : escaped(char)));
}

function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, '0'));
  return units.map((unit) => `\\u${unit}`).join('');
}

const HIDDEN = '…';
/** Texts that are a right by themselves: tickets in paths, credentials in URLs and headers, signatures in queries. */
const SECRETS: readonly [RegExp, string][] = [
  [/(\/wandb\/uploads\/)[^\s"'<>?#]+/g, `$1${HIDDEN}`],
  [/(\/exports\/)[\w-]+/g, `$1${HIDDEN}`],
  [/(\bhttps?:\/\/)[^\s"'<>/?#@]*@/gi, `$1${HIDDEN}@`],
  [/(authorization\W{1,5}(?:bearer|basic)\s+)[\w+/=.~-]{6,}/gi, `$1${HIDDEN}`],
  [/([?&;][\w.~%-]{0,40}(?:token|key|secret|sig|passw|auth|credential)[\w.~%-]{0,40}=)[^&\s"'<>#]+/gi, `$1${HIDDEN}`],
];

/** A text without what would give a right to whoever reads it. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, [pattern, shown]) => left.replace(pattern, shown), text);
}
