import type { Started } from '../processes/startProcess';

const PATIENCE_MS = 60_000;
const PAUSE_MS = 25;

/** Waits for a server that was started to answer; throws with what it wrote where it ends instead, or takes too long. */
export async function untilReady(name: string, server: Started, answers: () => Promise<boolean>): Promise<void> {
  const begin = performance.now();
  while (!(await answers().catch(() => false))) {
    const { exitCode, signalCode } = server.process;
    if (exitCode !== null || signalCode !== null || performance.now() - begin > PATIENCE_MS) {
      await server.kill();
      throw new Error(`${name} did not start:\n${server.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
