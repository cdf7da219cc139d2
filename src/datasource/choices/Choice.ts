/** One of what the store has, to choose from. */
export interface Choice {
  value: string;
  /** The text that is shown, where it is not the value. */
  label?: string;
  /** A note of how much there is of it, or what it is. */
  about?: string;
}

export const count = (n: number, word: string) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;
