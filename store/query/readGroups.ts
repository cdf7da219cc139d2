import type { GroupsAnswer, GroupsRequest, PromptGroup } from '@rolloscope/contract/types';
import type { EngineReads, GroupData, RowQuery } from '../engine/EngineReads';
import { rowId } from '../engine/rowId';
import { sorted } from '../pacing/sorted';
import { StoreError } from '../StoreError';
import { Turn } from '../Turn';
import { writeAsOf } from './asOf';
import { chooseRows, DEFAULT_LIMIT } from './chooseRows';
import { chooseRuns } from './chooseRuns';
import { scoreColumn } from './lenses';
import { LOOKED_AT, promptExcerpts } from './promptExcerpts';
import type { ReadContext } from './ReadContext';

/** A line a prompt. Throws `unknown_column` where the table has nothing that counts as a reward. */
export async function readGroups(context: ReadContext, request: GroupsRequest): Promise<GroupsAnswer> {
  const { engine } = context;
  const { query, columns, missing } = await chooseRows(context, request);
  const roleOf = (role: string) => columns.find((column) => column.role === role)?.name;
  const reward = scoreColumn(columns);
  if (reward === undefined) {
    throw new StoreError(
      'unknown_column',
      `No column of ${JSON.stringify(request.table)} has the role reward, or correct; log it with {"name": …, "role": "reward"}.`,
    );
  }
  const groupId = roleOf('groupId');
  const prompt = roleOf('prompt') ?? roleOf('messages');
  const names = { reward, ...(groupId && { groupId }), ...(prompt && { prompt }) };
  const groups = await engine.groups(query, names);
  const before = request.compareTo && (await compared(context, request, query, names));
  const turn = new Turn(context.seen.signal);
  let lines: Array<PromptGroup & { first: number }> = [];
  await turn.all(groups, (group) => lines.push({ first: group.first, ...toGroup(engine, group, before) }));
  const { by, direction } = request.orderBy ?? { by: undefined, direction: 'asc' };
  if (by) {
    const sign = direction === 'desc' ? -1 : 1;
    lines = await sorted(lines, (a, b) => byNumber(a[by] ?? null, b[by] ?? null, sign), turn);
  }
  const offset = request.offset ?? 0;
  const page = lines.slice(offset, offset + (request.limit ?? DEFAULT_LIMIT));
  const prompts = prompt ? await excerptsOf(engine, query, page, prompt) : [];
  return {
    groups: page.map(({ first: _, ...line }, i) => ({ ...line, prompt: prompts[i] ?? line.prompt })),
    total: lines.length,
    ...(missing && { missing }),
    asOf: writeAsOf(engine, query.position),
  };
}

async function excerptsOf(
  engine: EngineReads,
  { table, scopes }: RowQuery,
  page: readonly { first: number }[],
  prompt: string,
) {
  const firsts = page.map(({ first }) => first);
  const { ids, rows } = await engine.rowsByNumber(table, scopes, firsts, [prompt], { preview: LOOKED_AT });
  const texts = new Map(ids.map((id, i) => [id, rows[i]?.[0]]));
  return promptExcerpts(
    firsts.map((first) => {
      const text = texts.get(first);
      return typeof text === 'string' ? text : null;
    }),
  );
}

function byNumber(a: number | null, b: number | null, sign: number): number {
  return a === null || b === null ? (a === null ? 1 : 0) - (b === null ? 1 : 0) : sign * (a - b);
}

/** Reads the mean reward by prompt hash in the run or step to compare with. */
async function compared(
  { engine, seen }: ReadContext,
  request: GroupsRequest,
  query: RowQuery,
  names: { reward: string; groupId?: string; prompt?: string },
): Promise<Map<string, number>> {
  const { run, step } = request.compareTo ?? {};
  const entries = run === undefined ? undefined : (await chooseRuns(seen, [run])).entries;
  const other: RowQuery = {
    ...query,
    ...(entries && { scopes: entries.map((entry) => seen.scope(entry)) }),
    ...(step !== undefined && { steps: { from: step, to: step } }),
  };
  // Group ids differ between steps; the prompt itself is what stays.
  const { groupId: _, ...byPrompt } = names;
  const groups = await engine.groups(other, byPrompt);
  return new Map(groups.flatMap(({ promptHash, mean }) => (promptHash && mean !== null ? [[promptHash, mean]] : [])));
}

function toGroup(engine: EngineReads, group: GroupData, before: Map<string, number> | undefined): PromptGroup {
  const { promptHash, best, worst, failed, ...rest } = group;
  const old = before && promptHash !== null ? before.get(promptHash) : undefined;
  return {
    ...rest,
    ...(failed !== null && { failed }),
    best: best === null ? null : rowId(engine.storeId, best),
    worst: worst === null ? null : rowId(engine.storeId, worst),
    ...(before && { change: old === undefined || rest.mean === null ? null : rest.mean - old }),
  };
}
