import { createHash } from 'node:crypto';
import type { TakeContext } from './Format';
import { wholeStep } from './stepNames';

type LoggedLine = Record<string, unknown>;

export const folderOf = (path: string) => path.replace(/[^/]+$/, '');
const cellsOf = (line: LoggedLine, name: string) => (Array.isArray(line[name]) ? (line[name] as unknown[]) : []);
const completionsStep = (line: LoggedLine) => wholeStep(cellsOf(line, 'step')[0]);
/** The progress of a training, `12/100`: `iteration` of Megatron-SWIFT, `global_step/max_steps` of the others. */
const PROGRESS = /^\d+\/\d+$/;
export const isOfMegatron = ({ iteration, 'train_speed(s/it)': speed }: LoggedLine) =>
  typeof iteration === 'string' && PROGRESS.test(iteration) && speed !== undefined;
export function loggedStep(line: LoggedLine): number | undefined {
  const progress = line['global_step/max_steps'] ?? (isOfMegatron(line) ? line.iteration : undefined);
  return typeof progress === 'string' ? wholeStep(progress.split('/')[0]) : undefined;
}

/**
 * The step of a line of Megatron-SWIFT's completions, whose `gen_step` counts from 0, and again from 0 after a resume: then
 * it is taken to go on, for where the training was resumed no line tells. Undefined for other lines.
 */
export function generatedStep(line: LoggedLine, before: string | undefined): number | undefined {
  const generated = wholeStep(cellsOf(line, 'gen_step')[0]);
  const [offset = 0, last = -1] = before?.split('+').map(Number) ?? [];
  return generated === undefined ? undefined : (generated < last ? offset + last + 1 : offset) + generated + 1;
}

/**
 * Tells a line from all others of its file: how often the steps began anew before it, its step, and which of the lines
 * in a row it is that are of that step. A log call writes a line to both files, so it has the same place in both.
 */
function placeAfter(step: number, before: string | undefined): string {
  const [anew = 0, last = step, nth = 0] = before?.split(' ')[0]?.split(':').map(Number) ?? [];
  return [step < last ? anew + 1 : anew, step, step === last ? nth + 1 : 1].join(':');
}

/** Gives what a logged line tells the line of completions in the same place; undefined where it has no step. */
export function addedBy(line: LoggedLine, { place, before }: Pick<TakeContext, 'place' | 'before'>) {
  const step = loggedStep(line);
  const isEval = Object.keys(line).some((name) => name.startsWith('eval_'));
  return step === undefined ? undefined : { id: folderOf(place.path) + placeAfter(step, before), fields: { isEval } };
}

export function afterLogged(line: LoggedLine, before: string | undefined): string | undefined {
  const step = loggedStep(line);
  return step === undefined ? before : placeAfter(step, before);
}

/** Its place, and its last rollout. */
export function afterCompletions(line: LoggedLine, before: string | undefined): string | undefined {
  const generated = generatedStep(line, before);
  if (generated !== undefined) {
    const own = Number(cellsOf(line, 'gen_step')[0]);
    return `${generated - own - 1}+${own}`;
  }
  const step = completionsStep(line);
  const last = cellsOf(line, 'completion').length - 1;
  return step === undefined ? before : `${placeAfter(step, before)} ${rolloutAt(line, last)}`;
}

/** Makes a hash by which a rollout is told from others of the lines beside it. */
const rolloutAt = (line: LoggedLine, i: number) =>
  createHash('sha1')
    .update(JSON.stringify(['prompt', 'completion', 'advantages'].map((name) => cellsOf(line, name)[i])))
    .digest('base64url')
    .slice(0, 16);

/**
 * Says whether completions are those of an eval, which nothing in their line tells: the log call of the same place
 * does. Where that is not known, a step's first line is of its training, which is logged before it is evaluated.
 */
export function isOfEval(
  line: LoggedLine,
  { place, before, added, remark }: Pick<TakeContext, 'place' | 'before' | 'added' | 'remark'>,
) {
  const step = completionsStep(line);
  // GKD's, which have no advantages, are of the training alone, whatever is logged as they are written.
  if (step === undefined || !Array.isArray(line.advantages)) {
    return false;
  }
  const at = placeAfter(step, before);
  const logged = added?.get(folderOf(place.path) + at);
  if (logged) {
    return logged.isEval === true;
  }
  const isSecond = !at.endsWith(':1');
  if (isSecond && added?.size === 0) {
    remark('There is no logging.jsonl that tells evals apart: a second line of a step is taken for one');
  }
  return isSecond || step === 0;
}

/** Counts an eval's rows that are left over from before it: its trainer keeps so many, and it may have fewer. */
export function leftOver(line: LoggedLine, count: number, before: string | undefined): number {
  const last = before?.split(' ')[1];
  for (let i = count; last !== undefined && i > 0; i--) {
    if (rolloutAt(line, i - 1) === last) {
      return i;
    }
  }
  return 0;
}
