import { StoreError } from '../StoreError';

const CODES = { 400: 'invalid_request', 404: 'route_not_found', 413: 'limit_exceeded' } as const;

/** A failure with the status that OpenTSDB has for it. */
export class OpenTsdbError extends StoreError {
  constructor(
    private readonly told: keyof typeof CODES,
    message: string,
  ) {
    super(CODES[told], message);
  }

  override get status(): number {
    return this.told;
  }
}

export const badRequest = (message: string) => new OpenTsdbError(400, message);

const SHOWN_CHARS = 200;

/** Gives what somebody sent as a message repeats it: not longer than that it can be recognised. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
