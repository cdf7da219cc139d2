import { afterAll } from 'vitest';
import { endMarked, MARK, markedProcesses } from './marked.mjs';
import { ownMark, stillRunning } from './startProcess';

/*
 * Runs in every test process, before its file. What is started by other means, such as Playwright's, bears the mark, too.
 */
process.env[MARK] = ownMark;

// A runner that was killed leaves its test processes; they must not go on, with all that they started.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const PATIENCE_MS = 3_000;

const left = () => [
  ...stillRunning().map(({ command }) => command),
  ...markedProcesses(ownMark).map(({ command }) => command),
];

/** After everything else in a file: nothing that it started may be there still. */
afterAll(async () => {
  for (let waited = 0; left().length > 0 && waited < PATIENCE_MS; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const commands = [...new Set(left())];
  endMarked(
    ownMark,
    stillRunning().flatMap(({ process: child }) => child.pid ?? []),
  );
  if (commands.length > 0) {
    throw new Error(`Left running by this file, and ended now:\n${commands.join('\n')}`);
  }
});
