/** The place of a sign in a text, in UTF-16 units, and what was seen there, in words: only what the sign shows. */
export interface Span {
  start: number;
  end: number;
  says: string;
}
