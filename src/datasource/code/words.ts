/** Column names and keys that need no quotes: `reward`, `config.actor.lr`, `summary.eval/accuracy/mean@4`. */
export const WORD = /[A-Za-z_](?:[\w@]|[./:-](?=\w))*/;
/** A variable of Grafana that is the whole text. */
export const VARIABLE = /\$\w+|\$\{[^{}"\s]+\}/;
export const STRING = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/;
/** Words with a meaning of their own, which a column must be quoted to have as its name. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...['or', 'in', 'contains', 'matches', 'is', 'not', 'null', 'true', 'false', 'asc', 'desc'],
]);

const whole = (pattern: RegExp) => new RegExp(`^(?:${pattern.source})$`);
const WHOLE_WORD = whole(WORD);
const WHOLE_VARIABLE = whole(VARIABLE);

/** A text as it is written: a variable bare, all else in quotes. */
export const quote = (text: string) => (WHOLE_VARIABLE.test(text) ? text : JSON.stringify(text));

/** A column as it is written: bare, where that is read back. */
export const writeColumn = (column: string) =>
  WHOLE_WORD.test(column) && !KEYWORDS.has(column) ? column : quote(column);
