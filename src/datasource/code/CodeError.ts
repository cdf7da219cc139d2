/** A fault of a code query, and its place: `from` up to `to`, in UTF-16 units of the text. */
export class CodeError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
  }
}
