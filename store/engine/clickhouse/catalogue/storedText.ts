/*
 * PostgreSQL keeps every character but the first. It is written as two, and so is the one that marks these.
 */

export const stored = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
  text.replace(/[\u0000\u0001]/g, (one) => (one === '\u0000' ? '\u00010' : '\u00011'));

export const told = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about.
  text.replace(/\u0001([01])/g, (_, which) => (which === '0' ? '\u0000' : '\u0001'));
