/** Well-known names, and nothing but plain values: the plugin's bundles import this file without a schema runtime. */

export const API_BASE = '/api/v1';
export const API_VERSION = 1;

export const APP_ID = 'rolloscope-runs-app';
export const DATASOURCE_ID = 'rolloscope-runs-datasource';
export const PANEL_ID = 'rolloscope-rollouts-panel';

/** The rights that a token may have: to read, to log and delete, to label rollouts. */
export const SCOPES = ['read', 'write', 'label'] as const;
export type Scope = (typeof SCOPES)[number];

/** The header of a label token, beside the read token in `Authorization`, which Grafana's proxy adds to every call. */
export const LABEL_TOKEN_HEADER = 'x-rolloscope-label-token';

/** The formats in which rows can be downloaded. */
export const EXPORT_FORMATS = ['csv', 'jsonl', 'parquet'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The roles that a column of a rollout table can have. */
export const ROLES = [
  'prompt',
  'response',
  'messages',
  'reward',
  'rewardPart',
  'advantage',
  'groupId',
  'groundTruth',
  'correct',
  'truncated',
  'tokens',
  'turns',
  'error',
  'media',
] as const;
export type Role = (typeof ROLES)[number];

/** Says whether several columns of a table may have a role at once; of any other the first one logged has it. */
export const isForMany = (role: Role): boolean => role === 'rewardPart' || role === 'media';

/** The kinds of turns by what their time went to, first what counts where several are under way at once (`turnTimes.ts`). */
export const TURN_KINDS = ['generate', 'tool', 'environment', 'queue'] as const;
export type TurnKind = (typeof TURN_KINDS)[number];

/** Column names that tell their role, as trainers write them; compared ignoring case. */
const ROLE_BY_NAME = new Map<string, Role>(
  Object.entries({
    prompt: 'prompt',
    prompts: 'prompt',
    input: 'prompt',
    inputs: 'prompt',
    question: 'prompt',
    query: 'prompt',
    input_prompt: 'prompt',
    prompt_text: 'prompt',
    user_prompt: 'prompt',
    response: 'response',
    responses: 'response',
    output: 'response',
    outputs: 'response',
    completion: 'response',
    completions: 'response',
    generation: 'response',
    generated_text: 'response',
    output_response: 'response',
    response_text: 'response',
    completion_text: 'response',
    generated_response: 'response',
    model_output: 'response',
    model_response: 'response',
    messages: 'messages',
    message_list: 'messages',
    conversation: 'messages',
    conversations: 'messages',
    reward: 'reward',
    score: 'reward',
    total_reward: 'reward',
    advantage: 'advantage',
    advantages: 'advantage',
    group_id: 'groupId',
    groupid: 'groupId',
    uid: 'groupId',
    prompt_id: 'groupId',
    ground_truth: 'groundTruth',
    groundtruth: 'groundTruth',
    gts: 'groundTruth',
    answer: 'groundTruth',
    correct: 'correct',
    is_correct: 'correct',
    acc: 'correct',
    accuracy: 'correct',
    correctness: 'correct',
    passed: 'correct',
    solved: 'correct',
    resolved: 'correct',
    success: 'correct',
    is_success: 'correct',
    final_reward: 'reward',
    reward_score: 'reward',
    final_score: 'reward',
    judge_score: 'reward',
    grade: 'reward',
    truncated: 'truncated',
    is_truncated: 'truncated',
    was_truncated: 'truncated',
    response_truncated: 'truncated',
    tokens: 'tokens',
    error: 'error',
    errors: 'error',
    error_message: 'error',
    exception: 'error',
  } satisfies Record<string, Role>),
);

/**
 * Says whether the cells of a column are many times the size of a page's others, and are read with a whole row alone: a
 * page, or a search, has them only where it names the column. A `tokens` of numbers is a count like any other.
 */
export const isApart = ({ role, type }: { role?: unknown; type: unknown }): boolean =>
  (role === 'tokens' || role === 'turns') && (type === 'json' || type === 'string');

/** A reward function's own column: `reward_format`, `rewards/format`, `format_reward`. */
const REWARD_PART = /^(rewards?[_/.].+|.+_reward)$/i;

/**
 * The role that a column's name tells, where the log call gave none. Where several columns of a table tell the same
 * role (`isForMany` aside), the first one logged has it.
 */
export function guessRole(column: string): Role | undefined {
  return ROLE_BY_NAME.get(column.toLowerCase()) ?? (REWARD_PART.test(column) ? 'rewardPart' : undefined);
}

/** Whole conversations, as messages or as one text under a chat template. */
const TRANSCRIPTS = new Set([
  'text',
  'full_text',
  'trajectory',
  'transcript',
  'dialogue',
  'dialog',
  'chat',
  'content',
  'contents',
]);
const SCORES: readonly Role[] = ['reward', 'rewardPart', 'advantage', 'correct'];
/** Names of columns of what is asked, and of what is answered, where no surer name tells it. */
const ASKED = new Set(['problem', 'instruction']);
const ANSWERED = new Set(['prediction']);
/** Says whether a column is what is answered where nothing else is, else the ground truth: it is looked at last. */
export const isReference = (column: string) => column.toLowerCase() === 'solution';

/**
 * The role that a column of texts has only beside others, whose roles are `played`: a `text` is a rollout's where it has
 * a reward, a `solution` is the ground truth where something else is the response.
 */
export function guessTextRole(column: string, played: ReadonlySet<Role>): Role | undefined {
  const name = column.toLowerCase();
  const isAnswered = played.has('messages') || played.has('response');
  if (isReference(name)) {
    return !isAnswered ? 'response' : played.has('groundTruth') ? undefined : 'groundTruth';
  }
  if (!SCORES.some((role) => played.has(role))) {
    return undefined;
  }
  if (ASKED.has(name)) {
    return played.has('prompt') || played.has('messages') ? undefined : 'prompt';
  }
  if (isAnswered) {
    return undefined;
  }
  if (ANSWERED.has(name)) {
    return 'response';
  }
  return !TRANSCRIPTS.has(name) ? undefined : name === 'text' && played.has('prompt') ? 'response' : 'messages';
}

/** Columns that every row has, beside its logged ones. A logged `step` or `time` overrides the entry's. */
export const ROW_COLUMNS = ['run', 'step', 'time'] as const;

/**
 * Columns that the store derives from the roles, once, when a row is logged:
 * - `promptHash` string: equal for equal prompts; the prompt group where no `groupId` is logged
 * - `responseHash` string: equal for equal responses
 * - `prompt` and `response` string: where the conversation is logged as a whole, what was asked and what was answered
 * - `truncated` boolean: where a `finish_reason` or `stop_reason` is logged, whether it is that of a limit
 * - `chars` number: Unicode characters of the response
 * - `repetition` number 0–1: share of the response's 8-word windows that occurred in it before
 * - `thinkClosed` boolean: false when the response opens a thinking part and never closes it; null without one
 * - `suspicions` string: signs of going for the reward instead of the task (`SUSPICIONS`)
 * - `duplicateOf` string: row id of the first row of the same run and table with the same prompt and response
 */
export const DERIVED_COLUMNS = [
  'promptHash',
  'responseHash',
  'chars',
  'repetition',
  'thinkClosed',
  'suspicions',
  'duplicateOf',
] as const;

/**
 * Columns that the store derives from what few trainers log.
 *
 * Only where `turns` are logged:
 * - `numTurns` number: how often the model spoke, as `num_turns` of trainers
 * - `generateSeconds`, `toolSeconds`, `environmentSeconds`, `queueSeconds` number: where the time went (`turnTimes.ts`)
 * - `slowestTool` string: the tool whose one call took longest
 *
 * Only where versions of the policy are logged, by the row or by its turns:
 * - `policyVersion` number: the oldest that made the rollout
 * - `policyMixed` boolean: whether several made it
 * - `policyAge` number: how many versions older than the one that it trains the oldest is, where `trainingVersion` is logged
 *
 * Only where `tokens` have log probabilities of the engine and of the trainer (`tokenMismatch.ts`):
 * - `mismatchMean`, `mismatchMax` number: how far apart they are
 */
export const TURN_SECONDS: Readonly<Record<TurnKind, string>> = {
  generate: 'generateSeconds',
  tool: 'toolSeconds',
  environment: 'environmentSeconds',
  queue: 'queueSeconds',
};
export const POLICY_AGE = 'policyAge';

/**
 * Columns that the store derives where a trainer tells how rollouts ended, by a column in the role `error`, by a
 * `finish_reason`, `stop_condition` or `status`, or by their turns:
 * - `failed` boolean: whether something around the policy gave way, such as a sandbox or a server; false where it is told
 *   that nothing did; null where nothing is told
 * - `failure` string: what gave way, in a word: `timeout`, `sandbox`, `aborted`, `model`, `connection`, `tool`, or `error`
 */
export const FAILED = 'failed';
export const FAILURE = 'failure';
/**
 * Signs that a response is after the reward and not the task, each as much as a text can show, and no more:
 * - `tests`: code that treats tests, or what checks them, as such
 * - `answers`: an answer that is many numbers
 * - `repetition`: as much was said before as the lens `repetitive` asks for
 * - `format`: the marks of an answer with nothing in them
 * - `language`: a script that the prompt has no letter of
 * - `length`: much longer than the other rollouts of its prompt that were logged with it
 * - `pleading`: it speaks to whoever judges it
 */
export const SUSPICIONS = ['tests', 'answers', 'repetition', 'format', 'language', 'length', 'pleading'] as const;
export type Suspicion = (typeof SUSPICIONS)[number];
/** The version of the rules that tell the signs: a column keeps what those of its commit found. */
export const SUSPICION_RULES = 1;
/**
 * The column, derived where there is a response: its signs in this order, such as `answers, pleading`; empty where none
 * was found, null where there was nothing to look at.
 */
export const SUSPICIONS_COLUMN = 'suspicions';

/** Leaves out what is known to have failed, and keeps that of which nothing is told. */
export const WITHOUT_FAILURES = { column: FAILED, op: 'ne', value: true } as const;

/**
 * Columns of numbers by which a trainer says which versions of the policy made a rollout, the oldest and the newest, and
 * which one it trains.
 */
export const POLICY_VERSION = 'policyVersion';
export const POLICY_VERSION_END = 'policyVersionEnd';
export const TRAINING_VERSION = 'trainingVersion';

/**
 * Columns by which a trainer that logs only some of its rollouts says so: how many the step had of which the rows were
 * chosen, and how they were, such as `best and worst only`. A reader is told.
 */
export const SAMPLED_FROM = 'sampledFrom';
export const SAMPLED_BY = 'sampledBy';

/**
 * Columns of what people say of a rollout, which can be filtered and sorted like logged ones. Null where nobody says it.
 * - `labelStars` number: people who starred it
 * - `labelVerdict` string: the newest verdict
 * - `labelVerdicts` number: how many different ones people gave; more than one where they disagree
 * - `labelComment` string: the newest comment
 * - `labelPeople` string: who says something, with commas between
 * - `labelTime` number: when that last changed
 */
export const LABEL_COLUMNS = {
  labelStars: 'number',
  labelVerdict: 'string',
  labelVerdicts: 'number',
  labelComment: 'string',
  labelPeople: 'string',
  labelTime: 'number',
} as const;
export type LabelColumn = keyof typeof LABEL_COLUMNS;

/** The verdicts that people choose from where a team sets no list of its own. */
export const DEFAULT_VERDICTS = ['good', 'bad', 'hack', 'unclear'] as const;

/** The operators of a condition on a column; `selection.ts` says what each means. */
export const OPERATORS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'contains', 'matches', 'isNull'] as const;
export type Operator = (typeof OPERATORS)[number];

export const DIRECTIONS = ['asc', 'desc'] as const;

export const GROUP_ORDERS = ['mean', 'sd', 'min', 'max', 'n', 'change'] as const;

export const SEARCH_MODES = ['plain', 'word', 'regex'] as const;

/**
 * Ways to the rows of a selection that are worth reading. Each but `newest` narrows it; each brings an order, which
 * counts where a request names none. `lenses.ts` says what each means and by which numbers.
 */
export const LENSES = [
  'newest',
  'worst',
  'best',
  'spread',
  'newlyWrong',
  'newlyRight',
  'baselineWrong',
  'baselineRight',
  'disagree',
  'truncated',
  'repetitive',
  'duplicates',
  'longest',
  'stalest',
  'labelled',
  'disputed',
  'suspicious',
] as const;
export type Lens = (typeof LENSES)[number];

/** The query label above a table. */
export function summaryLabel(table: string): string {
  return `runs.summary[${JSON.stringify(table)}]`;
}

/** The query label of a table's or metric's whole history. */
export function historyLabel(key: string): string {
  return `runs.history[${JSON.stringify(key)}]`;
}

/** Attributes of a run that `where`, `orderBy`, keys and values know, beside `config.*` and `summary.*`. */
export const RUN_ATTRIBUTES = [
  'id',
  'project',
  'name',
  'group',
  'state',
  'tag',
  'baseline',
  'parent',
  'archived',
  'createdAt',
  'updatedAt',
  'finishedAt',
  'lastStep',
  'lastTime',
  'resources.host',
  'resources.pod',
  'resources.namespace',
  'resources.slurmJob',
] as const;
