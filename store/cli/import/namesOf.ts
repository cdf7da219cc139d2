import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isAnybodys } from './runOfFolder';

/** Names that say nothing of the run: the folder's name does. */
const GENERIC = /^(metrics|trainer_state|rollouts?|traces|logs?|train|history|results)$/i;

/**
 * Names the run of a path where nobody did: a folder is a run of the project that its parent is; a file is one by its
 * name, or by its folder's.
 */
export function namesOf(root: string): { run: string; project: string } {
  const parent = dirname(root);
  if (statSync(root).isDirectory()) {
    if (isAnybodys(basename(root)) && parent !== root) {
      return namesOf(parent);
    }
    return { run: basename(root) || 'imported', project: basename(parent) || 'imported' };
  }
  const stem = basename(root).replace(/\.\w{1,8}$/, '');
  return GENERIC.test(stem) ? namesOf(parent) : { run: stem || 'imported', project: basename(parent) || 'imported' };
}
