/** One line of the store's log: what happened, with its figures. Secrets and logged data never go in. */
export type Log = (line: { event: string; [field: string]: unknown }) => void;

/** JSON lines on stderr. */
export const stderrLog: Log = (line) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
};
