import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { TURN_KINDS } from './names';
import { MOST_TURNS, readTurns, turnMilliseconds } from './readTurns';
import { Turn } from './turns';
import { turnTimes } from './turnTimes';

const generate = (start: number, end: number, rest = {}) => ({ kind: 'generate', start, end, ...rest });
const tool = (start: number, end: number, rest = {}) => ({ kind: 'tool', start, end, ...rest });

describe('readTurns', () => {
  it('takes what is sound, also of JSON text', () => {
    const cell = [
      generate(1_000, 3_000, { message: 1, tokensIn: 40, tokensOut: 7, policyVersion: 3, finishReason: 'tool_calls' }),
      tool(3_000, 9_000, { message: 2, tool: 'python', reward: -0.5, error: 'timeout', parent: 0 }),
      { kind: 'environment', seconds: 0.25, role: 'user', content: 'Go on.' },
    ];
    for (const one of [cell, JSON.stringify(cell)]) {
      expect(readTurns(one, 3)).toEqual({ turns: cell, faults: [] });
    }
    expect(cell.every((one) => Value.Check(Turn, one))).toBe(true);
  });

  it('is undefined for what is no list of turns', () => {
    for (const cell of [null, undefined, 7, 'text', '[broken', {}, [], [1, 'a', null], true]) {
      expect(readTurns(cell)).toBeUndefined();
    }
  });

  it('tells a kind that is not said by who speaks', () => {
    const read = readTurns([
      { role: 'assistant' },
      { role: 'tool' },
      { tool: 'bash' },
      { role: 'user' },
      { kind: 'nap', role: 'user' },
    ]);
    expect(read?.turns.map(({ kind }) => kind)).toEqual(['generate', 'tool', 'tool', 'environment', 'environment']);
    expect(read?.faults).toEqual(['1 turn has an unknown kind: it is read as environment.']);
  });

  it('names what is not sound, and leaves out that alone', () => {
    const read = readTurns(
      [
        generate(5_000, 1_000, { tokensIn: -1, tokensOut: '9', policyVersion: 1.5, reward: 'NaN' }),
        'no turn',
        tool(-4, 2_000, { tool: 7, message: 9 }),
        { kind: 'queue', seconds: -1, error: { type: 'x' } },
      ],
      2,
    );
    expect(read?.turns).toEqual([{ kind: 'generate', start: 5_000 }, { kind: 'tool', end: 2_000 }, { kind: 'queue' }]);
    expect(read?.faults).toEqual([
      '1 turn has a tokensIn that is no count.',
      '1 turn has a tokensOut that is no count.',
      '1 turn has a reward that is no number.',
      '1 turn has a policyVersion that is no whole number.',
      '1 turn ends before it starts: its end is left out.',
      '1 turn is no object.',
      '1 turn has a tool that is no text.',
      '1 turn has a start that is no time in epoch milliseconds.',
      '1 turn names a message that there is not.',
      '1 turn has a error that is no text.',
      '1 turn has a seconds that is no duration in seconds.',
    ]);
  });

  it('follows parents by their places, without those that are missing, and out of circles', () => {
    const of = (parents: Array<number | undefined>) =>
      readTurns(parents.map((parent) => (parent === undefined ? {} : { parent })));
    expect(of([undefined, 0, 0])?.turns.map(({ parent }) => parent)).toEqual([undefined, 0, 0]);
    expect(of([undefined, 9])?.faults).toEqual(['1 turn has a parent that there is not.']);
    expect(of([0])?.faults).toEqual(['1 turn is its own ancestor: it begins a branch.']);
    // Twice around: 0 → 1 → 2 → 0, and 4 → 3 → 4.
    const circles = of([1, 2, 0, 4, 3]);
    expect(circles?.faults).toEqual(['2 turns are their own ancestors: each begins a branch.']);
    for (const [i] of (circles?.turns ?? []).entries()) {
      let steps = 0;
      for (let at: number | undefined = i; at !== undefined; at = circles?.turns[at]?.parent) {
        expect(++steps).toBeLessThan(6);
      }
    }
    // An entry that is no object moves those behind it.
    expect(readTurns([{}, 1, { parent: 0 }, { parent: 2 }])?.turns).toEqual([
      { kind: 'environment' },
      { kind: 'environment', parent: 0 },
      { kind: 'environment', parent: 1 },
    ]);
  });

  it('says where times and versions run backwards and calls overlap, and keeps them', () => {
    const cell = [
      generate(1_000, 5_000, { policyVersion: 4 }),
      tool(3_000, 4_000),
      generate(0, 9_000, { policyVersion: 2 }),
    ];
    expect(readTurns(cell)).toEqual({
      turns: cell,
      faults: [
        '1 turn overlaps one before it.',
        '1 turn starts before the one before it.',
        '1 turn has an older policy than the one before it.',
      ],
    });
  });

  it('reads the first of a million turns, all of their faults as one sentence each', () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => ({ kind: 'generate', parent: i + 1, tokensIn: 'x' }));
    const read = readTurns(many);
    expect(read?.turns).toHaveLength(MOST_TURNS);
    expect(read?.faults).toEqual([
      '100,000 turns have a tokensIn that is no count.',
      '1 turn has a parent that there is not.',
      '900,000 more turns than are read are left out.',
    ]);
  });

  it('gives sound turns for any JSON, and never throws', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(...TURN_KINDS), fc.double(), fc.integer({ min: -2, max: 12 }));
    const entry = fc.dictionary(fc.constantFrom(...Object.keys(Turn.properties)), odd);
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, odd), { maxLength: 10 }), fc.nat(5), (cell, messages) => {
        const read = readTurns(cell, messages);
        for (const turn of read?.turns ?? []) {
          expect(Value.Check(Turn, turn)).toBe(true);
          expect(turnMilliseconds(turn) ?? 0).toBeGreaterThanOrEqual(0);
          expect(turn.parent ?? 0).toBeLessThan(read?.turns.length ?? 0);
        }
        const times = turnTimes(read?.turns ?? []);
        expect(Object.values(times?.seconds ?? {}).every((seconds) => seconds === null || seconds >= 0)).toBe(true);
      }),
    );
  });
});

describe('turnTimes', () => {
  const of = (cell: unknown) => turnTimes(readTurns(cell)?.turns ?? []);

  it('adds up to the time from beginning to end, however calls overlap', () => {
    const times = of([
      { kind: 'queue', start: 0, end: 1_000 },
      generate(1_000, 4_000),
      tool(3_000, 9_000, { tool: 'python' }),
      tool(5_000, 6_000, { tool: 'search' }),
      { kind: 'environment', start: 0, end: 10_000 },
    ]);
    expect(times).toEqual({
      seconds: { generate: 3, tool: 5, environment: 2, queue: 0 },
      slowestTool: 'python',
    });
  });

  it('takes durations where only those are known, and tells none from not known', () => {
    expect(of([{ kind: 'generate', seconds: 2.5 }, { kind: 'generate', seconds: 1 }, { kind: 'tool' }])).toEqual({
      seconds: { generate: 3.5, tool: null, environment: 0, queue: 0 },
      slowestTool: null,
    });
    expect(of([{ kind: 'generate' }, { kind: 'tool', tool: 'a', start: 5 }])).toBeUndefined();
  });
});
