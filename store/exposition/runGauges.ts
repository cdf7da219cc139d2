import { MUTE_TAG, type RunGauge } from '@rolloscope/contract';
import type { RunWatch } from '../alerts/RunWatch';
import type { RunEntry } from '../runs/RunEntry';
import type { RunIndex } from '../runs/RunIndex';

type ValueGauge = Exclude<
  Extract<RunGauge, `rolloscope_run_${string}`>,
  'rolloscope_run_info' | 'rolloscope_run_state'
>;

/** The sources that the gauges of a run are based on. */
interface RunView {
  entry: RunEntry;
  runIndex: RunIndex;
  /** Undefined for a run that the alerts do not watch, since it has ended. */
  watch: RunWatch | undefined;
}

const bit = (is: boolean) => (is ? 1 : 0);
export const isMuted = ({ record }: RunEntry): boolean => record.tags.includes(MUTE_TAG);
/** A flag of the stream is up: only while the run lives, and is not muted. */
const flag = ({ entry, runIndex, watch }: RunView, kind: Parameters<RunWatch['isOpen']>[0]) =>
  bit(runIndex.stateOf(entry) === 'running' && !isMuted(entry) && (watch?.isOpen(kind) ?? false));

/** The value of each gauge now; undefined where there is none. */
export const RUN_VALUES: Record<ValueGauge, (view: RunView) => number | undefined> = {
  rolloscope_run_last_step: ({ entry }) => entry.lastStep,
  rolloscope_run_last_seen_timestamp_seconds: ({ entry }) => entry.record.updatedAt / 1_000,
  rolloscope_run_step_interval_seconds: ({ watch }) => {
    const interval = watch?.pulse.interval;
    return interval === undefined ? undefined : interval / 1_000;
  },
  rolloscope_run_stalled: (view) => flag(view, 'stalled'),
  rolloscope_run_crashed: ({ entry, runIndex }) =>
    bit(['crashed', 'failed'].includes(runIndex.stateOf(entry)) && !isMuted(entry)),
  rolloscope_run_nan: (view) => flag(view, 'nan'),
  rolloscope_run_zero_spread_ratio: ({ watch }) => watch?.level('zero_spread'),
  rolloscope_run_zero_spread: (view) => flag(view, 'zero_spread'),
  rolloscope_run_truncated_ratio: ({ watch }) => watch?.level('truncated'),
  rolloscope_run_truncated: (view) => flag(view, 'truncated'),
  rolloscope_run_policy_age: ({ watch }) => watch?.level('stale'),
  rolloscope_run_stale: (view) => flag(view, 'stale'),
  rolloscope_run_muted: ({ entry }) => bit(isMuted(entry)),
};
