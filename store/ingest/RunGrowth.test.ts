import { LIMITS } from '@rolloscope/contract';
import { expect, it } from 'vitest';
import type { RunRecord } from '../engine/Engine';
import { LeftOut } from '../formats/LeftOut';
import { describeRun } from './describeRun';
import { RunGrowth } from './RunGrowth';

const record = (config: Record<string, unknown> = {}): RunRecord => ({
  id: 'r',
  project: 'p',
  name: 'r',
  state: 'running',
  tags: [],
  config,
  createdAt: 1,
  updatedAt: 1,
  attempts: [],
  archived: false,
});
const names = (prefix: string, count: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, value]));
const put = (run: RunRecord, config: Record<string, unknown>, leftOut?: LeftOut) =>
  describeRun(run, { project: 'p', config }, 2, leftOut);
const ROOM = { names: 10, known: new Set<string>() };
const titles = (leftOut: LeftOut) => leftOut.events().map(({ title }) => title);

it('bounds the metrics of a run, and what all runs take, those of the same commit too', () => {
  const full = new RunGrowth(() => 0);
  expect(full.addMetric('m', LIMITS.metrics - 1, ROOM)).toBe(true);
  expect(() => full.addMetric('m', LIMITS.metrics, ROOM)).toThrow(
    'The run would have 50,001 metrics by name; the limit is 50,000 (metrics).',
  );
  const small = new RunGrowth(() => 600, 1_000);
  expect([small.addMetric('a', 0, ROOM), small.addMetric('b', 1, ROOM)]).toEqual([true, true]);
  expect(() => small.addMetric('c', 2, ROOM)).toThrow(/\(memoryOfAllRuns\).*Delete runs/);
  expect(() => small.describe(undefined, record())).toThrow(/\(memoryOfAllRuns\)/);
  expect(() => small.addColumns(2)).toThrow(/\(memoryOfAllRuns\)/);
  const named = new RunGrowth(() => 0);
  const room = { names: LIMITS.metricsOfAllRuns - 1, known: new Set(['old']) };
  const added = (metric: string, known: number) => named.addMetric(metric, known, room);
  expect([added('old', 1), added('new', 2), added('new', 0)]).toEqual([true, true, true]);
  expect(() => added('newer', 3)).toThrow(/1,000,001 metrics by name over all runs.*\(metricsOfAllRuns\)/);
});

it('tells what is left out instead, once', () => {
  const leftOut = new LeftOut(new Set());
  const full = new RunGrowth(() => 0);
  expect(full.addMetric('x', LIMITS.metrics, ROOM, leftOut)).toBe(false);
  expect(full.addMetric('y', LIMITS.metrics, ROOM, leftOut)).toBe(false);
  expect(new RunGrowth(() => 1_000, 1_000).addMetric('z', 0, ROOM, leftOut)).toBe(false);
  expect(titles(leftOut)).toEqual([
    'Not kept: metrics by name beyond 50,000',
    'Not kept: bytes of memory for all its runs beyond 536,870,912',
  ]);
});

it('lets a run in that must not be refused, with little more than its name, and leaves one that is there as it was', () => {
  const growth = () => new RunGrowth(() => 10_000, 10_000);
  const leftOut = new LeftOut(new Set());
  const given = { ...record({ id: 'x', long: 'y'.repeat(1_000), next: 1 }), tags: ['a'], notes: 'n', clientId: 'c' };
  const { config, tags, notes, clientId } = growth().describe(undefined, given, leftOut);
  expect([config, tags, notes, clientId]).toEqual([{ id: 'x' }, [], undefined, 'c']);
  expect(titles(leftOut)).toEqual(['Not kept: bytes of memory for all its runs beyond 536,870,912']);
  const before = record({ a: 1 });
  const after = growth().describe(before, { ...put(before, { b: 'z'.repeat(500) }), state: 'finished' }, leftOut);
  expect([after.config, after.state]).toEqual([{ a: 1 }, 'finished']);
  expect(() => growth().describe(undefined, record())).toThrow(/\(memoryOfAllRuns\)/);
  // There are so many of them, too.
  const full = new RunGrowth(() => 10_000 + 64 * 2 ** 20, 10_000);
  expect(() => full.describe(undefined, record(), leftOut)).toThrow(/\(memoryOfAllRuns\)/);
});

it('bounds the keys of a run’s config over all that it is told, nested ones counted', () => {
  const before = put(record(), { ...names('a', 10_000), inner: { list: [names('b', 9_990)] } });
  expect(Object.keys(put(before, names('c', 8)).config)).toHaveLength(10_009);
  expect(() => put(before, names('c', 9))).toThrow('The run would have 20,001 keys of config; the limit is 20,000');
  // What is there changes, and goes.
  expect(put(before, { a1: 2, a2: null }).config).toMatchObject({ a1: 2 });
  expect(Object.keys(put(before, { inner: null, ...names('c', 9_000) }).config)).toHaveLength(19_000);
  const leftOut = new LeftOut(new Set());
  const kept = put(before, { a1: 3, ...names('c', 12) }, leftOut).config;
  expect([Object.keys(kept).length, kept.a1, kept.c7, kept.c8]).toEqual([10_009, 3, 1, undefined]);
  expect(titles(leftOut)).toEqual(['Not kept: keys of config beyond 20,000']);
});

it('bounds the bytes of all that a run is told', () => {
  const long = 'x'.repeat(1_500_000);
  const before = put(record(), { a: long, b: long });
  expect(() => put(before, { c: long })).toThrow(/bytes of config, tags and resources; the limit is 4,194,304/);
  const leftOut = new LeftOut(new Set());
  expect(Object.keys(put(before, { c: long, d: 1 }, leftOut).config)).toEqual(['a', 'b', 'd']);
  // Resources count, too; what the config has grown to before there were limits stays.
  const resources = Array.from({ length: 1_000 }, (_, i) => ({ host: `h${i}`, gpus: [long.slice(0, 1_200)] }));
  expect(() => describeRun(before, { project: 'p', resources, config: { e: 'x'.repeat(10_000) } }, 2)).toThrow(
    /bytes of config/,
  );
  const old = record({ a: long, b: long, c: long });
  expect(Object.keys(put(old, { b: 1 }).config)).toEqual(['a', 'b', 'c']);
});

it('keeps what is told under odd names', () => {
  const config = JSON.parse('{"__proto__": 1, "toString": {"x": 2}}');
  expect(Object.entries(put(record({ a: 1 }), config).config)).toEqual([['a', 1], ...Object.entries(config)]);
});
