import { type ThresholdsConfig, ThresholdsMode } from '@grafana/data';

/** The thresholds that the editor starts with. A verifier's reward lies near 0 or near 1. */
export const DEFAULT_THRESHOLDS: ThresholdsConfig = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: Number.NEGATIVE_INFINITY, color: 'orange' },
    { value: 0.5, color: 'blue' },
  ],
};
