import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isApart } from '@rolloscope/contract';
import type { RowAnswer, RowsAnswer, Run, Turn } from '@rolloscope/contract/types';
import { decompress } from 'fzstd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../clients/runCommand';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { readRecording } from './recordings';

/*
 * What agents did in time, by which policy, and how far engine and trainer are apart: as the store derives it of what
 * trainers wrote, against what is worked out here of the same files.
 */

interface Call {
  node?: number;
  finish_reason?: string;
  usage?: { completion_tokens: number };
  time: { start: number; end: number };
  error?: { message: string };
}

interface Trace {
  id: string;
  nodes: Array<{ message: { content: string }; token_ids: number[]; mask: boolean[]; logprobs: number[] }>;
  calls: Call[];
  timing: Record<string, { end: number } | number>;
}

interface Episode {
  traces: Trace[];
  run: { work: { policy: { start: number; end: number } } };
}

interface Annotation {
  trace_id: string;
  info: { ship?: { step: number } };
  branches: Array<{ trainer_logprobs?: Array<number | null> }>;
}

/** Cells of a whole row. */
type Cells = Record<string, unknown> & {
  turns?: Turn[];
  tokens?: Record<string, unknown[]>;
  messages?: Array<{ content: string }>;
};

/** The records of all files below a folder whose names fit. */
function recordsBelow<T>(folder: string, name: RegExp): T[] {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => name.test(file))
    .toSorted();
  return files.flatMap((file) => {
    const bytes = readFileSync(file);
    const text = Buffer.from(file.endsWith('.zst') ? decompress(bytes) : bytes).toString();
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  });
}

let ours: OurStore;
beforeAll(async () => {
  ours = await startOurs();
});
afterAll(() => ours.stop());

async function call<T>(path: string, body?: object): Promise<T> {
  const asked = body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  return (await fetch(`${ours.url}/api/v1${path}`, asked)).json() as Promise<T>;
}

/** Imports a recording; gives the folder of its files, and the rows of a table as objects, whole. */
async function imported(name: string) {
  const { files = '' } = await readRecording(name);
  const { code, stderr } = await runCommand('import', files, '--url', ours.url, '--project', name, '--run', name);
  expect(code, stderr).toBe(0);
  const { runs } = await call<{ runs: Run[] }>(`/runs?project=${name}`);
  const rows = async (table: string) => {
    const page = await call<RowsAnswer>('/query/rows', { runs: [runs[0]?.id], table, limit: 1_000 });
    expect(page.columns.filter(isApart)).toEqual([]);
    return Promise.all(page.rowIds.map(async (id) => (await call<RowAnswer>(`/rows/${id}`)).cells as Cells));
  };
  return { files, rows };
}

const KINDS = ['generateSeconds', 'toolSeconds', 'environmentSeconds', 'queueSeconds'];
const sum = (values: number[]) => values.reduce((all, one) => all + one, 0);
/** Of a trace, from its beginning to the end of its last phase. */
const totalOf = (timing: Trace['timing']) =>
  Math.max(...Object.values(timing).map((phase) => (typeof phase === 'number' ? 0 : phase.end))) - Number(timing.start);

describe.each(['verifiers-files', 'prime-rl-files', 'prime-rl-streams'])('the turns of %s', (name) => {
  it('add up to the time that the trace took, and have the calls as they were logged', async () => {
    const { files, rows } = await imported(name);
    const records = recordsBelow<Episode>(files, /(?:sums\/|\/all\/)traces\.jsonl$|traces\/stream\/\d+\.jsonl/);
    const traces = records.flatMap((record) => record.traces);
    const tables = name.startsWith('prime') ? ['rollouts', 'eval_rollouts'] : ['rollouts'];
    const byId = new Map((await Promise.all(tables.map(rows))).flat().map((row) => [row.traceId, row]));
    expect(traces.length).toBeGreaterThan(2);
    for (const { id, timing, calls, nodes } of traces) {
      const row = byId.get(id);
      const total = totalOf(timing);
      const parts = sum(KINDS.map((kind) => Number(row?.[kind])));
      expect(Math.abs(parts - total)).toBeLessThan(0.01 * total);
      expect(row?.generateSeconds).toBeCloseTo(sum(calls.map(({ time }) => time.end - time.start)), 3);
      expect(row?.numTurns).toBe(calls.length);
      const generated = row?.turns?.filter(({ kind }) => kind === 'generate') ?? [];
      expect(generated.map(({ tokensOut, finishReason }) => [tokensOut, finishReason])).toEqual(
        calls.map(({ usage, finish_reason }) => [usage?.completion_tokens, finish_reason]),
      );
      for (const [i, { message, error }] of generated.entries()) {
        const call = calls[i];
        expect(error ?? '').toContain(call?.error?.message ?? '');
        expect(row?.messages?.[message ?? -1]?.content).toBe(nodes[call?.node ?? -1]?.message.content);
      }
    }
  });
});

describe('the policies and tokens of prime-rl-streams', () => {
  it('are as its orchestrator and trainer annotated them', async () => {
    const { files, rows } = await imported('prime-rl-streams');
    const annotations = recordsBelow<Annotation>(files, /annotations\/\w+\/\d+\.jsonl/);
    const episodes = recordsBelow<Episode>(files, /traces\/stream\/\d+\.jsonl/);
    const trained = annotations.filter(({ branches }) => branches[0]?.trainer_logprobs);
    const all = await rows('rollouts');
    expect(all.filter((row) => typeof row.mismatchMean === 'number')).toHaveLength(trained.length);
    for (const { trace_id, branches } of trained) {
      const row = all.find(({ traceId }) => traceId === trace_id);
      const episode = episodes.find(({ traces }) => traces[0]?.id === trace_id);
      const nodes = episode?.traces[0]?.nodes ?? [];
      const engine = nodes.flatMap(({ mask, logprobs }) => {
        const left = [...logprobs];
        return mask.map((isSampled) => (isSampled ? left.shift() : null));
      });
      const apart = (branches[0]?.trainer_logprobs ?? []).flatMap((one, i) => {
        const other = engine[i] ?? null;
        return one === null || other === null ? [] : [Math.abs(one - other)];
      });
      expect(apart.length).toBeGreaterThan(0);
      expect(row?.mismatchMean).toBeCloseTo(sum(apart) / apart.length, 4);
      expect(row?.mismatchMax).toBeCloseTo(Math.max(...apart), 4);
      expect(row?.tokens?.id).toEqual(nodes.flatMap(({ token_ids }) => token_ids));
      const shipped = annotations.find((one) => one.trace_id === trace_id && one.info.ship)?.info.ship?.step ?? 0;
      const { start = 0, end = 0 } = episode?.run.work.policy ?? {};
      // As its `episode_staleness` counts.
      expect(row).toMatchObject({ policyAge: shipped - 1 - start, policyMixed: end > start, policyVersion: start });
    }
  });
});

describe('the tokens of nemo-rl-files', () => {
  interface Sample {
    content: string[];
    token_loss_mask: number[][];
    generation_logprobs: number[][];
    prev_logprobs: number[][];
  }

  it('are as far apart as its logger wrote them', async () => {
    const { files, rows } = await imported('nemo-rl-files');
    const samples = recordsBelow<Sample>(files, /train_data_step\d+\.jsonl$/);
    const all = await rows('rollouts');
    expect(all).toHaveLength(samples.length);
    for (const { content, token_loss_mask, generation_logprobs, prev_logprobs } of samples) {
      const apart = (generation_logprobs[0] ?? []).flatMap((one, i) =>
        token_loss_mask[0]?.[i] ? [Math.abs(one - (prev_logprobs[0]?.[i] ?? 0))] : [],
      );
      const same = all.filter((row) => (row.content ?? row.messages) === content[0]);
      expect(same.map(({ mismatchMax }) => Number(mismatchMax).toFixed(4))).toContain(Math.max(...apart).toFixed(4));
      const mean = sum(apart) / apart.length;
      expect(same.map(({ mismatchMean }) => Number(mismatchMean).toFixed(4))).toContain(mean.toFixed(4));
    }
  });
});

describe('the tokens of miles-files', () => {
  it('are those of the response, with what the engine said of each', async () => {
    const { rows } = await imported('miles-files');
    const all = await rows('rollout_columns');
    expect(all.length).toBeGreaterThan(0);
    for (const { tokens, meanLogProb } of all) {
      const engine = (tokens?.engineLogprob ?? []) as number[];
      expect(tokens?.id).toHaveLength(engine.length);
      expect(sum(engine) / engine.length).toBeCloseTo(Number(meanLogProb), 4);
    }
  });
});
