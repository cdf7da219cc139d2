import type { DataFrame } from '@grafana/data';
import type { FrameRun, RunsFrameMeta } from '@rolloscope/contract/frames';

/** The runs that a panel's frames are about, and who knows their metrics; undefined where no query asks for runs. */
export function readRuns(frames: readonly DataFrame[]): RunsFrameMeta | undefined {
  const found = frames.flatMap((frame) => {
    const meta: Partial<RunsFrameMeta> | undefined = frame.meta?.custom?.rolloscope;
    return typeof meta?.uid === 'string' && Array.isArray(meta.runs) ? [meta as RunsFrameMeta] : [];
  });
  const [first] = found;
  if (!first) {
    return undefined;
  }
  const runs = new Map<string, FrameRun>();
  for (const run of found.filter(({ uid }) => uid === first.uid).flatMap((meta) => meta.runs)) {
    runs.set(run.id, run);
  }
  return { uid: first.uid, runs: [...runs.values()] };
}
