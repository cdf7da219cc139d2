import { createHash } from 'node:crypto';
import { LIMITS } from '@rolloscope/contract';
import { jobOf } from '@rolloscope/contract/jobOf';
import type { Owner } from './RecordBatch';

/** Folders that trainers put every run's files into: their names say nothing of the run. */
const ANYBODYS = /^(monitor|runs|lightning_logs|tensorboard|(tensorboard|tb)[_-]?logs?)$/i;

export const isAnybodys = (folder: string) => ANYBODYS.test(folder);

/**
 * Says whose the files of a folder are that is a run of its own below the given one: `logs/exp-1` below `logs` is the
 * run `logs/exp-1` of the project `logs`. A part of a job (Trinity-RFT's `explorer`, `trainer`) is a run of the job's
 * project; its group is told by its id.
 */
export function runOfFolder(folder: string, owner: Owner, given: { run?: string; project?: string }): Owner {
  const names = folder.split('/').filter((name) => name !== '' && !isAnybodys(name));
  const [first = ''] = names;
  if (names.length === 0) {
    return owner;
  }
  const run = shortened(`${owner.run}/${names.join('/')}`);
  if (names.length === 1 && jobOf(`${owner.run}/${first}`)) {
    return { ...owner, run, folder: {} };
  }
  const project = given.project ?? (given.run === undefined ? owner.run : owner.project);
  return { ...owner, run, project, folder: { name: shortened(names.join('/')) } };
}

/** A path that is too long for a name, told apart from others that begin as it does. */
function shortened(path: string): string {
  const characters = [...path];
  if (characters.length <= LIMITS.nameChars) {
    return path;
  }
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 16);
  return `${characters.slice(0, LIMITS.nameChars - digest.length - 1).join('')}-${digest}`;
}
