import { findRegressions } from './regressionTool';
import { getGroups, getRollout, getRollouts } from './rolloutTools';
import { getCurves, getRun, listRuns } from './runTools';
import type { Tool } from './Tool';

/** All that an agent may ask, in the order in which one would. */
export const TOOLS: readonly Tool[] = [
  listRuns,
  getRun,
  getCurves,
  getRollouts,
  getRollout,
  getGroups,
  findRegressions,
];
