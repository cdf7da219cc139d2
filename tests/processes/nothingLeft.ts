import { endMarked, markedProcesses, markOf } from './marked.mjs';

const PATIENCE_MS = 5_000;

/** After the last test: nothing that any test process started may be there, also where that one was killed. */
export async function teardown(): Promise<void> {
  const left = () => markedProcesses(markOf(process.pid));
  for (let waited = 0; left().length > 0 && waited < PATIENCE_MS; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const { command } of left()) {
    console.error(`Left running by a test, and ended now: ${command}`);
    process.exitCode = 1;
  }
  endMarked(markOf(process.pid));
}
