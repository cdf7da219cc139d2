/**
 * Names of the step, the surest first, without what writers put between words and in whichever case: `Global Step`,
 * `global_step`, `globalStep`. Of the later ones a file may have several that count different things.
 */
const STEPS = [
  ['step', 'stepnum', 'stepnumber', 'stepindex', 'stepidx', 'stepid'],
  [
    'globalstep',
    'trainingstep',
    'trainstep',
    'trainerstep',
    'currentstep',
    'currentsteps',
    'curstep',
    'globalsteps',
    'trainsteps',
    'trainingsteps',
    'optimizerstep',
    'gradientstep',
    'learnerstep',
  ],
  ['totaltimesteps', 'timesteps', 'timestep', 'numtimesteps', 'envstep', 'envsteps'],
  ['iteration', 'iterations', 'iter', 'it', 'itr', 'trainingiteration', 'niter'],
  ['update', 'updates', 'numupdates', 'nupdates', 'updatestep'],
  ['epoch', 'epochs'],
  ['episode', 'episodes'],
];
const RANKS = new Map(STEPS.flatMap((names, rank) => names.map((name) => [name, rank] as const)));
/** Words that may stand before the name; behind anything else, as in `eval/step`, the step is another. */
const SPACES = /^(?:train|trainer|training|rollout|global|progress|time)\//i;
/** W&B's own counter of log calls: the step where nothing else counts. */
const CALLS = '_step';
const OF_CALLS = 2.5;
/** Names from here on count what may come back: a rank whose steps repeat is none. */
const FIRST_LOOSE = 3;
/** Ranks of what counts the moves of an agent or its episodes: the step of metrics, and of a rollout something else. */
const OF_METRICS: ReadonlySet<number> = new Set([2, 6]);

/** Names of the moment, the surest first. */
const TIMES = [
  'time',
  'timestamp',
  'walltime',
  'datetime',
  'createdat',
  'loggedat',
  'ts',
  'date',
  'unixtime',
  'epochtime',
];
/** Suffixes of the name of a moment: `time_ns`, `timestamp_ms`. A duration called so is no moment by its size. */
const UNIT = /(?:ns|us|ms|secs?|seconds|utc|s)$/;

const plainName = (name: string) => name.toLowerCase().replace(/[\s_.@-]+/g, '');

/** Tells how sure a name is that of the step, 0 the surest; undefined for one that is not. */
export function stepRank(name: string): number | undefined {
  return name === CALLS ? OF_CALLS : RANKS.get(plainName(name.replace(SPACES, '')));
}

/** Says whether a name can be nothing but the training's step. */
export const isStepName = (name: string) => (stepRank(name) ?? FIRST_LOOSE) < 2;

/** Tells how sure a name is that of the time, 0 the surest; undefined for one that is not. */
export function timeRank(name: string): number | undefined {
  const plain = plainName(name);
  const rank = TIMES.indexOf(TIMES.includes(plain) ? plain : plain.replace(UNIT, ''));
  return rank < 0 ? undefined : rank;
}

/** A step, also one that is written as a text; undefined for what is no whole number. */
export function wholeStep(cell: unknown): number | undefined {
  const step = typeof cell === 'string' && /^\s*-?\d+(\.0+)?\s*$/.test(cell) ? Number(cell) : cell;
  return typeof step === 'number' && Number.isSafeInteger(step) ? step : undefined;
}

/**
 * The field that has the step of a file's records, by the first of them: the surest name that has whole numbers only. A
 * count that begins anew while the same metrics are logged, as batches of an epoch do, hides points and is none.
 */
export function stepField(records: readonly Record<string, unknown>[], areMetrics: boolean): string | undefined {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  const ranked = [...names].flatMap((name) => {
    const rank = stepRank(name);
    return rank === undefined || (!areMetrics && OF_METRICS.has(rank)) ? [] : [{ name, rank }];
  });
  const isStep = (name: string, rank: number) =>
    isCount(records, name) && (!areMetrics || rank < FIRST_LOOSE || !repeats(records, name));
  const [best] = ranked.filter(({ name, rank }) => isStep(name, rank)).toSorted((a, b) => a.rank - b.rank);
  return best?.name;
}

/** The step of a record whose file's field for it is empty there: some writers call it otherwise for evals. */
export function otherStep(record: Record<string, unknown>): { name: string; step: number } | undefined {
  const found = Object.keys(record).flatMap((name) => {
    const step = isStepName(name) ? wholeStep(record[name]) : undefined;
    return step === undefined ? [] : [{ name, step }];
  });
  return found.toSorted((a, b) => (stepRank(a.name) ?? 0) - (stepRank(b.name) ?? 0))[0];
}

/** A cell that says nothing. */
export const isEmpty = (cell: unknown) => cell === undefined || cell === null || cell === '' || cell === 'NaN';

function isCount(records: readonly Record<string, unknown>[], name: string): boolean {
  const cells = records.map((record) => record[name]).filter((cell) => !isEmpty(cell));
  return cells.length > 0 && cells.every((cell) => wholeStep(cell) !== undefined);
}

/** Says whether two records of one step have a value under the same name. */
function repeats(records: readonly Record<string, unknown>[], name: string): boolean {
  const seen = new Map<number, Set<string>>();
  return records.some((record) => {
    const step = wholeStep(record[name]);
    if (step === undefined) {
      return false;
    }
    const names = seen.get(step) ?? new Set();
    seen.set(step, names);
    const fields = Object.keys(record).filter((key) => stepRank(key) === undefined && !isEmpty(record[key]));
    const isAgain = fields.some((key) => timeRank(key) === undefined && names.has(key));
    for (const key of fields) {
      names.add(key);
    }
    return isAgain;
  });
}

/** The field that has the time of a file's records: the surest name under which one is. */
export function timeField(
  records: readonly Record<string, unknown>[],
  isTime: (cell: unknown) => boolean,
): string | undefined {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return [...names]
    .filter((name) => records.some((record) => isTime(record[name])))
    .map((name) => ({ name, rank: timeRank(name) ?? Number.POSITIVE_INFINITY }))
    .filter(({ rank }) => Number.isFinite(rank))
    .toSorted((a, b) => a.rank - b.rank)[0]?.name;
}
