import { createHash } from 'node:crypto';
import type { TakeContext } from './Format';
import { wholeStep } from './stepNames';

type Line = Record<string, unknown>;

export const folderOf = (path: string) => path.replace(/[^/]+$/, '');
const cellsOf = (line: Line, name: string) => (Array.isArray(line[name]) ? (line[name] as unknown[]) : []);
const completionsStep = (line: Line) => wholeStep(cellsOf(line, 'step')[0]);
export const loggedStep = ({ 'global_step/max_steps': progress }: Line) =>
  typeof progress === 'string' ? wholeStep(progress.split('/')[0]) : undefined;

/**
 * Tells a line from all others of its file: how often the steps began anew before it, its step, and which of the lines
 * in a row it is that are of that step. A log call writes a line to both files, so it has the same place in both.
 */
function placeAfter(step: number, before: string | undefined): string {
  const [anew = 0, last = step, nth = 0] = before?.split(' ')[0]?.split(':').map(Number) ?? [];
  return [step < last ? anew + 1 : anew, step, step === last ? nth + 1 : 1].join(':');
}

/** What a line that was logged tells the line of completions in the same place. */
export function addedBy(line: Line, { place, before }: Pick<TakeContext, 'place' | 'before'>) {
  const step = loggedStep(line);
  const isEval = Object.keys(line).some((name) => name.startsWith('eval_'));
  return step === undefined ? undefined : { id: folderOf(place.path) + placeAfter(step, before), fields: { isEval } };
}

export function afterLogged(line: Line, before: string | undefined): string | undefined {
  const step = loggedStep(line);
  return step === undefined ? before : placeAfter(step, before);
}

/** Its place, and its last rollout. */
export function afterCompletions(line: Line, before: string | undefined): string | undefined {
  const step = completionsStep(line);
  const last = cellsOf(line, 'completion').length - 1;
  return step === undefined ? before : `${placeAfter(step, before)} ${rolloutAt(line, last)}`;
}

/** What tells a rollout from others of the lines beside it. */
const rolloutAt = (line: Line, i: number) =>
  createHash('sha1')
    .update(JSON.stringify(['prompt', 'completion', 'advantages'].map((name) => cellsOf(line, name)[i])))
    .digest('base64url')
    .slice(0, 16);

/**
 * Whether completions are those of an eval, which nothing in their line tells: the log call of the same place does.
 * Where that is not known, a step's first line is of its training, which is logged before it is evaluated.
 */
export function isOfEval(
  line: Line,
  { place, before, added, note }: Pick<TakeContext, 'place' | 'before' | 'added' | 'note'>,
) {
  const step = completionsStep(line);
  if (step === undefined) {
    return false;
  }
  const at = placeAfter(step, before);
  const logged = added?.get(folderOf(place.path) + at);
  if (logged) {
    return logged.isEval === true;
  }
  const isSecond = !at.endsWith(':1');
  if (isSecond && added?.size === 0) {
    note('There is no logging.jsonl that tells evals apart: a second line of a step is taken for one');
  }
  return isSecond || step === 0;
}

/** How many of an eval's rows are left over from before it: its trainer keeps so many, and an eval may have fewer. */
export function leftOver(line: Line, count: number, before: string | undefined): number {
  const last = before?.split(' ')[1];
  for (let i = count; last !== undefined && i > 0; i--) {
    if (rolloutAt(line, i - 1) === last) {
      return i;
    }
  }
  return 0;
}
