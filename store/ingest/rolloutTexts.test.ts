import type { FacetsAnswer, GroupsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedStore, servedStore } from '../testing/servedStore';

let store: ServedStore;
beforeAll(async () => {
  store = await servedStore();
});
afterAll(() => store.stop());

let runs = 0;
/** Logs rows as steps of one table of a fresh run, and gives what reads it. */
async function logged(columns: unknown[], ...steps: unknown[][][]) {
  const run = `run-${++runs}`;
  const entries = steps.map((rows, i) => ({ step: i + 1, tables: { rollouts: { columns, rows } } }));
  await store.ask('PUT', `/runs/${run}`, { project: 'p' });
  await store.ask('POST', `/runs/${run}/log`, { entries });
  const selection = { runs: [run], table: 'rollouts' };
  return {
    roles: () => store.roles(run, 'rollouts'),
    async cells(...names: string[]) {
      const { rows, columns: all } = await store.ask<RowsAnswer>('POST', '/query/rows', selection);
      return rows.map((row) => names.map((name) => row[all.findIndex((column) => column.name === name)]));
    },
    async groups() {
      const { groups } = await store.ask<GroupsAnswer>('POST', '/query/groups', selection);
      return groups.map(({ n }) => n);
    },
    async lens(name: string) {
      const { lenses } = await store.ask<FacetsAnswer>('POST', '/query/facets', { ...selection, lenses: true });
      return lenses?.find(({ lens }) => lens === name)?.rows;
    },
  };
}

const chat = (question: string, answer: string) => [
  { role: 'system', content: 'Add.' },
  { role: 'user', content: question },
  { role: 'assistant', content: answer },
];
const QUESTIONS = ['1+1?', '2+2?'];
const asChatMl = (question: string, answer: string) =>
  `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n${answer}`;

it.each([
  ['messages', 'messages', chat],
  ['the JSON of messages', 'conversation', (q: string, a: string) => JSON.stringify(chat(q, a))],
  ['one text under a template', 'text', asChatMl],
  ['a trajectory', 'trajectory', chat],
])('of %s alone, the prompt and the answer are told apart', async (_, name, cell) => {
  const rows = (right: number) => QUESTIONS.flatMap((q) => [0, 1].map((i) => [cell(q, `<think>é</think>${i}`), right]));
  const { roles, cells, groups, lens } = await logged([name, 'reward'], rows(1), rows(0));
  expect(await roles()).toMatchObject({ [name]: 'messages', prompt: 'prompt', response: 'response', reward: 'reward' });
  expect((await cells('response', 'chars', 'thinkClosed')).slice(0, 2)).toEqual([
    ['<think>é</think>0', 17, true],
    ['<think>é</think>1', 17, true],
  ]);
  expect((await cells('prompt'))[0]?.[0]).toContain('1+1?');
  expect(await groups()).toEqual([4, 4]);
  expect(await lens('newlyWrong')).toBe(4);
});

it('a response that is a list of messages is as long as what they say', async () => {
  const columns = ['prompt', 'completion', 'reward'];
  const { cells, groups } = await logged(columns, [
    [[{ role: 'user', content: 'q' }], [{ role: 'assistant', content: 'four' }], 1],
    [[{ role: 'user', content: 'q' }], [{ role: 'assistant', content: 'a' }], 0],
  ]);
  expect(await cells('chars')).toEqual([[4], [1]]);
  expect(await groups()).toEqual([2]);
});

it('a text is a rollout where it has a reward, and nothing else is', async () => {
  expect(await (await logged(['prompt', 'text', 'score'], [['q', 'a', 1]])).roles()).toMatchObject({
    text: 'response',
  });
  expect(await (await logged(['line', 'text'], [[1, 'a']])).roles()).toEqual({});
  expect(await (await logged(['content', 'reward'], [[3, 1]])).roles()).toEqual({ reward: 'reward' });
  const solved = await logged(['completion', 'solution', 'reward'], [['a', 'b', 1]]);
  expect(await solved.roles()).toMatchObject({ completion: 'response', solution: 'groundTruth' });
});

it('a problem, an instruction and a prediction are texts of a rollout, and a solution before the response is none', async () => {
  const roles = async (columns: string[]) =>
    (await logged(columns, [columns.map((name) => (name === 'reward' ? 1 : 'a'))])).roles();
  const solved = await roles(['problem', 'solution', 'model_output', 'reward']);
  expect(solved).toMatchObject({ problem: 'prompt', solution: 'groundTruth', model_output: 'response' });
  expect(await roles(['instruction', 'solution', 'prediction', 'reward'])).toMatchObject({
    instruction: 'prompt',
    solution: 'groundTruth',
    prediction: 'response',
  });
  expect(await roles(['problem', 'prediction', 'prompt', 'response', 'reward'])).toMatchObject({
    prompt: 'prompt',
    response: 'response',
  });
  expect(await roles(['problem', 'solution', 'reward'])).toMatchObject({ problem: 'prompt', solution: 'response' });
});

it('numbers under the name of a text count something, unless a text stands beside them', async () => {
  const counts = await logged(['generation', 'input', 'reward'], [[1, 512, 0.5]]);
  expect(await counts.roles()).toEqual({ reward: 'reward' });
  const answers = await logged(['prompt', 'response', 'reward'], [['2+2?', 4, 1]]);
  expect(await answers.roles()).toMatchObject({ prompt: 'prompt', response: 'response' });
});

it('an id that no two rows share is no group, where rows share prompts', async () => {
  const rows = QUESTIONS.flatMap((q, i) => [0, 1, 2].map((j) => [q, 'a', `id-${i}-${j}`, j]));
  const own = await logged(['prompt', 'response', 'uid', 'reward'], rows, rows);
  expect(await own.groups()).toEqual([6, 6]);
  expect(await own.roles()).not.toHaveProperty('uid');
  const shared = QUESTIONS.flatMap((q, i) => [0, 1, 2].map((j) => [q, 'a', `id-${i}`, j]));
  const told = await logged(['prompt', 'response', 'uid', 'reward'], shared);
  expect(await told.roles()).toMatchObject({ uid: 'groupId' });
  // Each asked once: whatever the id is, it does no harm.
  const single = ['a', 'b', 'c', 'd'].map((q, i) => [q, 'x', i, 1]);
  expect(await (await logged(['prompt', 'response', 'uid', 'reward'], single)).roles()).toMatchObject({
    uid: 'groupId',
  });
});

it.each([
  ['is_truncated', [true, false, null], 1],
  ['finish_reason', ['length', 'stop', null], 1],
  ['stop_reason', ['max_tokens', 'end_turn', 'MAX_TOKENS'], 2],
  ['stop_condition', ['max_turns', 'max_output_tokens', 'done'], 2],
  ['finish_reasons', [['stop', 'length'], ['length', 'stop'], []], 1],
])('%s says which rollouts were cut', async (name, values, cut) => {
  const rows = values.map((value, i) => ['q', `a${i}`, value]);
  expect(await (await logged(['prompt', 'response', name], rows)).lens('truncated')).toBe(cut);
});
