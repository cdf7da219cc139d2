import { readTurns, turnTimes } from '@rolloscope/contract';
import { describe, expect, it } from 'vitest';
import { AgentTrainer } from './AgentTrainer';

describe('the agent', () => {
  const trainer = new AgentTrainer(4);
  const entries = Array.from({ length: 120 }, () => trainer.step(1_700_000_000_000));
  const cells = (name: string, from: number, to: number) =>
    entries.slice(from, to).flatMap(({ tables }) => {
      const { columns = [], rows = [] } = tables?.rollouts ?? {};
      const at = columns.findIndex((one) => (typeof one === 'string' ? one : one.name) === name);
      return rows.map((row) => row[at]);
    });
  const rate = (list: unknown[]) => list.filter((one) => one === true).length / list.length;

  it('learns to ask and to add up', () => {
    expect(rate(cells('correct', 0, 5))).toBeLessThan(0.3);
    expect(rate(cells('correct', 100, 120))).toBeGreaterThan(0.7);
  });

  it('is made by policies of several versions, and has sound turns whose times add up', () => {
    const all = cells('turns', 20, 40);
    const versions = new Set<number>();
    for (const cell of all) {
      const { turns = [], faults } = readTurns(cell) ?? {};
      expect(faults).toEqual([]);
      for (const { policyVersion } of turns) {
        if (policyVersion !== undefined) {
          versions.add(policyVersion);
        }
      }
      const total = (turns.at(-1)?.end ?? 0) - (turns[0]?.start ?? 0);
      const parts = Object.values(turnTimes(turns)?.seconds ?? {}).reduce<number>((sum, one) => sum + (one ?? 0), 0);
      expect(parts * 1_000).toBeCloseTo(total, 3);
    }
    expect(versions.size).toBeGreaterThan(10);
  });

  it('fails now and then, and tries to talk the judge round before it knows better', () => {
    const failed = cells('error', 0, 120).filter((error) => error !== '').length;
    expect(failed).toBeGreaterThan(20);
    const pleads = (from: number, to: number) =>
      cells('messages', from, to).filter((one) => JSON.stringify(one).includes('Dear grader')).length / (to - from);
    expect(pleads(0, 10)).toBeGreaterThan(3);
    expect(pleads(100, 120)).toBeLessThan(pleads(0, 10));
  });

  it('is the same again by its seed', () => {
    const again = new AgentTrainer(4);
    expect(again.step(1_700_000_000_000)).toEqual(entries[0]);
  });
});
