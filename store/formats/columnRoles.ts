import { guessRole, type Role } from '@rolloscope/contract';

/** Our word for a column, by how trainers call it (compared ignoring case); see the words in `contract/names.ts`. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    prompt: ['input', 'inputs', 'prompts', 'input_prompt', 'question', 'query'],
    response: [
      'output',
      'outputs',
      'responses',
      'output_response',
      'completion',
      'completions',
      'generation',
      'generated_text',
    ],
    messages: ['conversation', 'message_list'],
    reward: ['rewards', 'total_reward'],
    score: ['scores'],
    advantage: ['advantages'],
    groupId: ['uid', 'group_id', 'groupid', 'prompt_id'],
    groundTruth: ['gts', 'ground_truth', 'groundtruth', 'reward_model.ground_truth'],
    correct: ['is_correct'],
    policyVersion: ['policy_version', 'model_version', 'weight_version', 'weight_versions', 'min_global_steps'],
    policyVersionEnd: ['policy_version_end', 'max_global_steps'],
    trainingVersion: ['training_version', 'trainer_version', 'train_version'],
  }).flatMap(([word, aliases]) => aliases.map((alias) => [alias, word] as const)),
);

/** Roles that our words have and `guessRole` does not tell by their names. */
const ROLE_OF_WORD: ReadonlyMap<string, Role> = new Map([
  ['groupId', 'groupId'],
  ['groundTruth', 'groundTruth'],
]);

/** A column under our word for it, and the role that the word tells. */
interface NamedColumn {
  name: string;
  /** Null: none, whatever the store would guess. */
  role?: Role | null;
}

/**
 * Columns under our words, with their roles. Names come out unique: an alias whose word is taken stays as it is, and a
 * second column of one name gets a number. `run` is the store's own, and becomes `logged_run`. Where several columns
 * tell one role, `reward` goes before `score`, else the first has it; only `rewardPart` may be played by several.
 * `given` has roles by the trainer's names, where the names do not tell them; null for none.
 */
export function columnRoles(
  columns: readonly string[],
  given: Readonly<Record<string, Role | null>> = {},
): NamedColumn[] {
  const taken = new Set(columns);
  const seen = new Map<string, number>();
  const names = columns.map((column) => {
    const isNone = Object.hasOwn(given, column) && given[column] === null;
    const word = column === 'run' ? 'logged_run' : isNone ? undefined : WORDS.get(column.toLowerCase());
    const name = word !== undefined && !taken.has(word) ? word : column;
    taken.add(name);
    return unique(name, seen);
  });
  const roles = new Map<string, Role | null>();
  columns.forEach((column, i) => {
    const role = Object.hasOwn(given, column) ? given[column] : undefined;
    if (role !== undefined) {
      roles.set(names[i] ?? '', role);
    }
  });
  const played = new Set<Role | null>(roles.values());
  const first = ['reward', 'groupId'].filter((name) => names.includes(name));
  for (const name of [...first, ...names]) {
    const role = ROLE_OF_WORD.get(name) ?? guessRole(name);
    if (role !== undefined && !roles.has(name) && (role === 'rewardPart' || !played.has(role))) {
      roles.set(name, role);
      played.add(role);
    }
  }
  return names.map((name) => {
    const role = roles.get(name);
    return { name, ...(role !== undefined && { role }) };
  });
}

/** `seen` has how often each name came. */
function unique(name: string, seen: Map<string, number>): string {
  const short = name === '' ? 'column' : [...name].slice(0, 248).join('');
  let free = short;
  for (let n = (seen.get(short) ?? 0) + 1; seen.has(free); n++) {
    seen.set(short, n);
    free = `${short}_${n}`;
  }
  seen.set(free, 1);
  return free;
}
