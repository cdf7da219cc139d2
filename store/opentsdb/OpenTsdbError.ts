/** A failure as OpenTSDB tells it: `{"error": {"code": 400, "message": "…"}}`. */
export class OpenTsdbError extends Error {
  override readonly name = 'OpenTsdbError';

  constructor(
    readonly status: 400 | 404 | 405 | 413,
    message: string,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new OpenTsdbError(400, message);
