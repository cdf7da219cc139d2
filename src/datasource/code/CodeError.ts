/** What is wrong with a code query, and where: `from` up to `to`, in UTF-16 units of the text. */
export class CodeError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
  }
}
