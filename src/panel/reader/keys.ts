/** Every key of the reader, with what it does: the help shows them, and the buttons name them. */
export const KEYS = {
  next: ['j', 'Next row'],
  previous: ['k', 'Previous row'],
  nextTurn: [']', 'Next turn'],
  previousTurn: ['[', 'Previous turn'],
  timeline: ['m', 'Timeline: to its bars, which the arrow keys walk over'],
  slowest: ['w', 'To the slowest call'],
  nextStep: ['.', 'Next step, on the same prompt'],
  previousStep: [',', 'Previous step, on the same prompt'],
  search: ['/', 'Search in this row'],
  thinking: ['t', 'Fold or unfold all thinking'],
  raw: ['r', 'Raw text, or turns'],
  tokens: ['p', 'Tokens one by one, where they are logged'],
  nextWorst: ['n', 'Per token: the next worst one'],
  previousWorst: ['N', 'Per token: the worst one before'],
  group: ['g', 'Group: all rollouts of this prompt'],
  full: ['f', 'Full screen'],
  star: ['*', 'Star, or take it away'],
  verdict: ['1…9', 'Verdict: the first, the second and so on; again takes it back'],
  comment: ['e', 'Write a comment'],
  undo: ['u', 'Undo the last label'],
  finding: ['c', 'Copy finding'],
  save: ['s', 'Save as HTML'],
  help: ['?', 'Show these keys'],
  close: ['Escape', 'Close'],
} as const;
export type ReaderAction = keyof typeof KEYS;

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>;

/** The action that a key stands for. Keys with a modifier are the browser's; where someone writes, only Escape acts. */
export function actionOf({ key, ctrlKey, metaKey, altKey, target }: KeyPress): ReaderAction | undefined {
  const isDigit = /^[1-9]$/.test(key);
  const named = (Object.keys(KEYS) as ReaderAction[]).find((one) => KEYS[one][0] === key);
  const action = isDigit ? 'verdict' : named;
  const isWriting = target instanceof HTMLElement && target.matches('input, textarea, select');
  return ctrlKey || metaKey || altKey || (isWriting && action !== 'close') ? undefined : action;
}

/** A button's tooltip, with its key. */
export function withKey(action: ReaderAction, text: string = KEYS[action][1]): string {
  return `${text} (${KEYS[action][0]})`;
}
