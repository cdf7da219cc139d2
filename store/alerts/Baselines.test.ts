import { expect, it, vi } from 'vitest';
import { RunIndex } from '../runs/RunIndex';
import { Baselines } from './Baselines';

const entryOf = (id: string, project: string, createdAt: number, tags: string[] = []) => ({
  record: {
    ...{ id, key: id, project, name: id, state: 'running' as const, tags, config: {}, attempts: [], archived: false },
    ...{ createdAt, updatedAt: createdAt },
  },
  heardAt: 0,
  latest: new Map(),
  reached: new Map(),
  rewrittenAt: 0,
});

it('finds the newest tagged run of the project without looking at all runs: it is asked with every eval', () => {
  const runIndex = new RunIndex(1_000);
  const baselines = new Baselines({} as never, runIndex, {} as never);
  const asks = entryOf('asks', 'p', 9);
  for (const entry of [
    entryOf('old', 'p', 1, ['baseline']),
    entryOf('new', 'p', 3, ['baseline']),
    entryOf('elsewhere', 'q', 5, ['baseline']),
    entryOf('plain', 'p', 7),
    asks,
  ]) {
    runIndex.set(entry);
  }
  const all = vi.spyOn(runIndex, 'all');
  const found = () => baselines.of(asks)?.record.id;
  expect(found()).toBe('new');
  runIndex.set(entryOf('new', 'p', 3));
  expect(found()).toBe('old');
  runIndex.set(entryOf('asks', 'p', 9, ['baseline']));
  expect(found()).toBe('old');
  runIndex.delete('old', 1);
  expect(found()).toBeUndefined();
  expect(all).not.toHaveBeenCalled();
});
