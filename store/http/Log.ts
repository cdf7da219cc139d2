import { disarmed, withoutSecrets } from '../plainText';

/** One line of the store's log: what happened, with its figures. Secrets and logged data never go in. */
export type Log = (line: { event: string; [field: string]: unknown }) => void;

/** JSON lines on stderr; whatever a message quotes, no ticket and no token is in it, and no control of a terminal. */
export const stderrLog: Log = (line) => {
  process.stderr.write(`${logLine({ time: new Date().toISOString(), ...line })}\n`);
};

export function logLine(line: Record<string, unknown>): string {
  return disarmed(JSON.stringify(line, (_, value) => (typeof value === 'string' ? withoutSecrets(value) : value)));
}
