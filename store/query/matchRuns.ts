import type { RunEntry } from '../runs/RunEntry';
import { Turn } from '../Turn';
import { RunValues } from './RunValues';
import type { RunCondition } from './runCondition';
import type { SelectableRuns } from './SelectableRuns';

/** A run, and what patterns must tell of it: of each part one alternative. */
export interface Undecided {
  entry: RunEntry;
  parts: readonly (readonly RunCondition[])[];
}

/** Texts of one column, each pattern that is looked for in them, and which texts are whose. */
interface Question {
  texts: string[];
  patterns: Map<string, number>;
  /** The first text of each run, and the one after its last, by run. */
  places: Map<RunEntry, { from: number; to: number }>;
}

/** Characters and runs that threads are asked about at one time: the texts are copied for them. */
const BATCH_CHARS = 1_000_000;
const BATCH_RUNS = 500;

/** Returns those of which patterns tell what they must, or of which nothing is left to be told. */
export async function matchRuns(seen: SelectableRuns, undecided: readonly Undecided[]): Promise<RunEntry[]> {
  const found: RunEntry[] = [];
  const turn = new Turn(seen.signal);
  let batch: Undecided[] = [];
  let questions = new Map<string, Question>();
  let chars = 0;
  const decide = async () => {
    const isFound = await ask(seen, questions);
    found.push(
      ...batch
        .filter(({ entry, parts }) => parts.every((part) => part.some((one) => isFound(entry, one))))
        .map(({ entry }) => entry),
    );
    batch = [];
    questions = new Map();
    chars = 0;
  };
  for (const one of undecided) {
    batch.push(one);
    const values = new RunValues(seen, one.entry);
    for (const { column, pattern = '' } of one.parts.flat()) {
      const question: Question = questions.get(column) ?? { texts: [], patterns: new Map(), places: new Map() };
      questions.set(column, question);
      question.patterns.set(pattern, question.patterns.get(pattern) ?? question.patterns.size);
      if (!question.places.has(one.entry)) {
        const texts = values.of(column).map(({ text }) => text);
        const from = question.texts.length;
        question.texts.push(...texts);
        question.places.set(one.entry, { from, to: question.texts.length });
        chars += texts.reduce((sum, { length }) => sum + length, 0);
      }
      if (turn.isOver) {
        await turn.next();
      }
    }
    if (batch.length >= BATCH_RUNS || chars >= BATCH_CHARS) {
      await decide();
    }
  }
  await decide();
  return found;
}

/** Looks for the patterns of each column in its texts; gives what tells of a run whether a condition holds. */
async function ask(seen: SelectableRuns, questions: ReadonlyMap<string, Question>) {
  const answers = new Map<string, boolean[][]>();
  for (const [column, { texts, patterns }] of questions) {
    if (texts.length > 0) {
      answers.set(column, await seen.testAll([...patterns.keys()], texts));
    }
  }
  return (entry: RunEntry, { column, pattern = '' }: RunCondition): boolean => {
    const { patterns, places } = questions.get(column) ?? {};
    const { from = 0, to = 0 } = places?.get(entry) ?? {};
    return answers.get(column)?.[patterns?.get(pattern) ?? 0]?.slice(from, to).includes(true) ?? false;
  };
}
