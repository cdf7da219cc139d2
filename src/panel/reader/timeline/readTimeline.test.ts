import { TURN_KINDS } from '@rolloscope/contract/names';
import { MOST_TURNS } from '@rolloscope/contract/readTurns';
import { turnTimes } from '@rolloscope/contract/turnTimes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript } from '../transcript/readTranscript';
import { badgesOf } from './badgesOf';
import { layBlocks, turnAt } from './layBlocks';
import { readTimeline, type Timeline } from './readTimeline';
import { slowestWords, turnWords } from './turnWords';

const START = 1_780_000_000_000;
const generate = (start: number, end: number, rest = {}) => ({
  kind: 'generate',
  start: START + start,
  end: START + end,
  ...rest,
});
const tool = (start: number, end: number, rest = {}) => ({ ...generate(start, end, rest), kind: 'tool' });
const messages = (count: number) =>
  readTranscript({ messages: Array.from({ length: count }, (_, i) => ({ role: 'user', content: 'x'.repeat(i + 1) })) });
const read = (cell: unknown, count = 0): Timeline => {
  const timeline = readTimeline(cell, count > 0 ? messages(count) : []);
  if (!timeline) {
    throw new Error('No timeline');
  }
  return timeline;
};

/** Seconds in which some bar of a kind shows and none of a kind that goes before it. */
function drawnSeconds({ bars }: Timeline): number {
  const moments = bars.flatMap(({ from, to }) => [
    { at: from, by: 1 },
    { at: to, by: -1 },
  ]);
  let [under, before, sum] = [0, 0, 0];
  for (const { at, by } of moments.sort((a, b) => a.at - b.at)) {
    sum += under > 0 ? at - before : 0;
    under += by;
    before = at;
  }
  return sum / 1_000;
}

describe('readTimeline', () => {
  it('draws each turn where its times say, and adds up to what the columns say', () => {
    const cell = [
      { kind: 'queue', start: START, end: START + 1_000 },
      generate(1_000, 4_000, { message: 1 }),
      tool(4_000, 45_000, { tool: 'bash', message: 2 }),
      tool(5_000, 6_000, { tool: 'search', message: 3 }),
      generate(45_000, 63_000, { message: 4 }),
    ];
    const timeline = read(cell, 5);
    expect(timeline.bars.map(({ from, to, line, said }) => [from, to, line, said])).toEqual([
      [0, 1_000, 0, undefined],
      [1_000, 4_000, 0, 1],
      [4_000, 45_000, 0, 2],
      [5_000, 6_000, 1, 3],
      [45_000, 63_000, 0, 4],
    ]);
    expect(slowestWords(timeline)).toBe('Slowest: bash, 41 s of 63 s');
    expect(timeline.seconds).toBe(63);
    expect(timeline.lanes.map(({ kind, lines, seconds }) => [kind, lines, seconds])).toEqual([
      ['generate', 1, 21],
      ['tool', 2, 41],
      ['queue', 1, 1],
    ]);
    expect(timeline.notes).toEqual(['1 turn overlaps one before it.']);
    expect(turnAt(timeline, 'tool', 5_500)).toBe(2);
    expect(turnAt(timeline, 'queue', 60_000)).toBe(0);
  });

  it('draws exactly the time that is logged, whatever overlaps', () => {
    const moment = fc.integer({ min: 0, max: 1_000_000 });
    const turn = fc
      .record({ kind: fc.constantFrom(...TURN_KINDS), at: moment, takes: moment })
      .map(({ kind, at, takes }) => ({ kind, start: START + at, end: START + at + takes }));
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 30 }), (cell) => {
        const timeline = read(cell);
        const logged = Object.values(turnTimes(cell)?.seconds ?? {}).reduce<number>((sum, one) => sum + (one ?? 0), 0);
        if (timeline.measure === 'milliseconds') {
          expect(drawnSeconds(timeline)).toBeCloseTo(logged, 6);
          expect(timeline.seconds).toBeCloseTo(logged, 6);
        }
      }),
    );
  });

  it('cuts the gaps of clocks that are apart, and says so', () => {
    const hours = 10 * 3_600_000;
    const timeline = read([generate(0, 2_000), tool(hours, hours + 1_000, { tool: 'bash' }), generate(3_000, 5_000)]);
    expect(timeline.bars.map(({ from, to }) => to - from)).toEqual([2_000, 1_000, 2_000]);
    expect(timeline.length).toBeLessThan(7_000);
    expect(timeline.cuts).toHaveLength(1);
    expect(timeline.notes.join(' ')).toContain('1 long gap cut short, the longest of 10 h');
    expect(timeline.notes.join(' ')).toContain('starts before the one before it');
  });

  it('puts durations without moments one after the other, and marks turns without either', () => {
    const timeline = read([
      { kind: 'generate', seconds: 2 },
      { kind: 'tool', tool: 'a', seconds: 1 },
      { kind: 'tool' },
    ]);
    expect(timeline.bars.map(({ from, to }) => [from, to])).toEqual([
      [0, 2_000],
      [2_000, 3_000],
      [3_000, 3_000],
    ]);
    expect(timeline.notes).toEqual([
      'Some turns tell how long they took, and not when: they follow the ones before them.',
      '1 turn of 3 without times: a line each.',
    ]);
  });

  it('shows lengths where no times are logged: tokens, else characters, else turns alike, and says which', () => {
    const tokens = read([
      { kind: 'generate', tokensOut: 30 },
      { kind: 'tool', tokensOut: 10 },
    ]);
    expect([tokens.measure, tokens.length, tokens.notes[0]]).toEqual([
      'tokens',
      40,
      'No times are logged: bars are as long as what was said, in tokens.',
    ]);
    const characters = read(
      [
        { kind: 'generate', message: 3 },
        { kind: 'tool', content: 'abc', tokensOut: 9 },
      ],
      4,
    );
    expect([characters.measure, characters.length]).toEqual(['characters', 7]);
    expect(read([{ kind: 'generate' }, { kind: 'tool' }]).notes).toEqual([
      'No times are logged, and no lengths: every turn is as long as the others.',
    ]);
    // A clock that stood still tells no length either.
    expect(read([generate(0, 0, { message: 0 })], 1).measure).toBe('characters');
  });

  it('is there for long conversations without turns, and for nothing shorter', () => {
    expect(read(null, 6)).toMatchObject({ measure: 'characters', length: 21, seconds: undefined, slowest: undefined });
    for (const cell of [null, undefined, 'text', 7, {}, []]) {
      expect(readTimeline(cell, messages(5))).toBeUndefined();
    }
  });

  it('leads nowhere where the conversation is no list of messages', () => {
    const timeline = readTimeline([generate(0, 1_000, { message: 0 })], readTranscript({ prompt: 'a', response: 'b' }));
    expect(timeline?.bars[0]?.said).toBeUndefined();
    expect(timeline?.notes).toEqual(['The conversation is no list of messages: bars lead to none of its turns.']);
  });

  it('says all that is known of a turn, on one line', () => {
    const timeline = read([
      generate(0, 1_500, { policyVersion: 3, tokensIn: 5, tokensOut: 1, finishReason: 'stop', reward: 0.5 }),
      tool(2_000, 2_250, { tool: `<b>\n\u202e${'y'.repeat(200)}`, error: 'time-out', parent: 0, policyVersion: 4 }),
    ]);
    expect(turnWords(timeline, 0)).toBe(
      'Turn 1 of 2: generating · 1.5 s · began at 0 s · 5 tokens in · 1 token out · reward 0.5 · policy 3 · ended by stop',
    );
    expect(turnWords(timeline, 1)).toMatch(
      /^Turn 2 of 2: <b>\\n\\u202ey{55}… · 0\.25 s · began at 2 s · policy 4 · a branch from turn 1 · error: time-out$/,
    );
    expect(timeline.versions).toEqual([3, 4]);
  });

  it('marks where the policy changes, and adds up calls of one turn', () => {
    const timeline = read(
      [
        generate(0, 1_000, { message: 0, policyVersion: 3 }),
        generate(1_000, 2_000, { message: 1, policyVersion: 3 }),
        generate(2_000, 3_000, { message: 2, policyVersion: 4 }),
        tool(3_000, 4_000, { message: 2 }),
      ],
      3,
    );
    expect(
      [...badgesOf(timeline).values()].map(({ time, policy, policyBefore }) => [time, policy, policyBefore]),
    ).toEqual([
      ['1 s', 3, undefined],
      ['1 s', 3, undefined],
      ['2 s', 4, 3],
    ]);
  });

  it('reads as many turns as a rollout can have, and draws no more than fits', () => {
    const cell = Array.from({ length: MOST_TURNS + 1 }, (_, i) => tool(i * 2, i * 2 + 1, { tool: 'a' }));
    const timeline = read(cell);
    expect(timeline.bars).toHaveLength(MOST_TURNS);
    expect(timeline.notes.join(' ')).toContain('1 more turns than are read are left out');
    expect(layBlocks(timeline, 600, 0, 600).length).toBeLessThan(10);
    const zoomed = layBlocks(timeline, 600 * 4_096, 1_000, 1_600);
    expect(zoomed.length).toBeLessThan(100);
    expect(zoomed.every(({ turns }) => turns === 1)).toBe(true);
  });

  it('joins what is too short to be told apart, and nothing else', () => {
    const cell = [
      tool(0, 500, { tool: 'a' }),
      ...Array.from({ length: 10 }, (_, i) => tool(500 + i, 501 + i, { tool: 'b', ...(i === 3 && { error: 'x' }) })),
      tool(510, 1_000, { tool: 'c' }),
    ];
    const blocks = layBlocks(read(cell), 100, 0, 100);
    expect(blocks.map(({ turns, hasError }) => [turns, hasError])).toEqual([
      [1, false],
      [10, true],
      [1, false],
    ]);
    expect(blocks[0]?.width).toBe(50);
  });

  it('never throws, and keeps every bar on the axis', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(...TURN_KINDS), fc.double(), fc.integer({ min: -2, max: 12 }));
    const names = [
      'kind',
      'message',
      'tool',
      'start',
      'end',
      'seconds',
      'tokensOut',
      'parent',
      'policyVersion',
      'content',
    ];
    const entry = fc.dictionary(fc.constantFrom(...names), odd);
    fc.assert(
      fc.property(fc.array(fc.oneof(entry, odd), { maxLength: 12 }), fc.nat(8), (cell, count) => {
        const timeline = readTimeline(cell, messages(count));
        for (const [i, { from, to }] of (timeline?.bars ?? []).entries()) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual((timeline?.length ?? 0) * (1 + 1e-9) + 1e-3);
          expect(timeline && turnWords(timeline, i)).not.toMatch(/NaN|undefined/);
        }
        if (timeline) {
          badgesOf(timeline);
          layBlocks(timeline, 300, 0, 300);
        }
      }),
    );
  });
});
