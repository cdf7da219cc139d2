/** Every key of the reader, with what it does: the help shows them, and the buttons name them. */
export const KEYS = {
  next: ['j', 'Next row'],
  previous: ['k', 'Previous row'],
  nextTurn: [']', 'Next turn'],
  previousTurn: ['[', 'Previous turn'],
  search: ['/', 'Search in this row'],
  thinking: ['t', 'Fold or unfold all thinking'],
  raw: ['r', 'Raw text, or turns'],
  tokens: ['p', 'Per token, where such data is logged'],
  group: ['g', 'Group: all rollouts of this prompt'],
  full: ['f', 'Full screen'],
  finding: ['c', 'Copy finding'],
  help: ['?', 'Show these keys'],
  close: ['Escape', 'Close'],
} as const;
export type ReaderAction = keyof typeof KEYS;

/** The action that a key stands for. Keys with a modifier are the browser's. */
export function actionOf(key: string): ReaderAction | undefined {
  return (Object.keys(KEYS) as ReaderAction[]).find((action) => KEYS[action][0] === key);
}

/** A button's tooltip, with its key. */
export function withKey(action: ReaderAction, text: string = KEYS[action][1]): string {
  return `${text} (${KEYS[action][0]})`;
}
