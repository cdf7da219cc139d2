/** Where in a text a sign is, in UTF-16 units, and in words what was seen there: never more than the sign shows. */
export interface Span {
  start: number;
  end: number;
  says: string;
}
