import { isUtf8 } from 'node:buffer';
import { LIMITS } from '@rolloscope/contract';

/** MLflow's experiment of runs that name none, and the id that clients know it by without asking. */
const DEFAULT = { id: '0', project: 'Default' };

/**
 * The id of the experiment that a project is: its name in base64url behind an `e`, so that no table is needed to find
 * the project again, by any store and after any restart.
 */
export function experimentIdOf(project: string): string {
  return project === DEFAULT.project ? DEFAULT.id : `e${Buffer.from(project).toString('base64url')}`;
}

/** Returns the project of an experiment's id; undefined for what `experimentIdOf` never gave. */
export function projectOf(experimentId: unknown): string | undefined {
  if (experimentId === DEFAULT.id) {
    return DEFAULT.project;
  }
  if (typeof experimentId !== 'string') {
    return undefined;
  }
  const bytes = Buffer.from(experimentId.slice(1), 'base64url');
  const project = bytes.toString();
  const isName = project !== '' && isUtf8(bytes) && [...project].length <= LIMITS.nameChars;
  return isName && experimentIdOf(project) === experimentId ? project : undefined;
}
