import type { Started } from '../../processes/startProcess';

/** The same curves for all: as many runs of as many points of one metric, a second apart. */
export const RUNS = 10;
export const POINTS = Number(process.env.BENCH_POINTS ?? 20_000);
/** Points of a curve that are asked for: what a panel draws. */
export const WANTED = 1_000;
export const BATCH = 1_000;
/** Seconds. */
export const BEGIN = 1_764_547_200;
/** A dashboard of panels, a metric each, with half as many points. */
export const PANELS = Array.from({ length: 12 }, (_, i) => `panel_${i}`);
export const PANEL_POINTS = POINTS / 2;

export const ids = Array.from({ length: RUNS }, (_, i) => `run${i}`);
export const valueAt = (run: number, step: number) => Math.sin(step / 2_000) + Math.sin(step * 7 + run) / 5;

/** What is asked of each; undefined where it has no such axis, or no dashboard in Grafana. */
export interface Peer {
  name: string;
  byStep?(): Promise<unknown>;
  byTime?(): Promise<unknown>;
  /** What the panels of a dashboard ask when it is refreshed. */
  refresh?(): Promise<unknown>;
  stop(): Promise<unknown>;
}

export async function answered(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${url}: ${answer.status} ${text.slice(0, 300)}`);
  }
  return text;
}

export const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** Waits until a server answers, for two minutes at the most. */
export async function ready(url: string, { process: child, output }: Started): Promise<void> {
  for (const end = performance.now() + 120_000; performance.now() < end && child.exitCode === null; ) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer: ${output().slice(-500)}`);
}
