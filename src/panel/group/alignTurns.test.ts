import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTranscript } from '../reader/transcript/readTranscript';
import { alignTurns } from './alignTurns';
import { substanceOf } from './substanceOf';

type Message = Record<string, unknown>;
const user = (content: string): Message => ({ role: 'user', content });
const say = (content: string): Message => ({ role: 'assistant', content });
const call = (name: string, args: unknown, content = ''): Message => ({
  role: 'assistant',
  content,
  tool_calls: [{ function: { name, arguments: JSON.stringify(args) } }],
});
const result = (name: string, content: string): Message => ({ role: 'tool', name, content });

const substances = (messages: Message[]) => readTranscript({ messages })[0]?.turns.map(substanceOf) ?? [];
function part(first: Message[], second: Message[]): [at: number | undefined, why: string | undefined] {
  const { pairs, parting } = alignTurns(substances(first), substances(second));
  return [parting, parting === undefined ? undefined : pairs[parting]?.why];
}

const OPENING = [user('Find it.'), call('search', { q: 'a', n: 1 }), result('search', 'Nothing.')];

describe('where two rollouts part', () => {
  it('is at the first other tool, arguments, result or answer, in words', () => {
    const parted = (first: Message, second: Message) => part([...OPENING, first], [...OPENING, second]);
    expect(parted(call('search', { q: 'b' }), call('search', { q: 'c' }))).toEqual([3, 'other arguments of search']);
    expect(parted(call('search', {}), call('bash', {}))).toEqual([3, 'another tool: search, in the second bash']);
    expect(parted(call('search', {}), say('It is 4.'))).toEqual([3, 'only the first calls search']);
    expect(parted(say('\\boxed{41}'), say('\\boxed{42}'))).toEqual([3, 'another answer: 41, in the second 42']);
    expect(parted(result('bash', 'a'), result('bash', 'b'))).toEqual([3, 'another result of bash']);
    expect(parted(say('Yes'), user('Go on'))).toEqual([3, 'the model speaks, in the second the user']);
    expect(parted(say('Yes'), say('No'))).toEqual([3, 'other words of the model']);
  });

  it('is not where only words, thinking or the order of keys are others', () => {
    const first = [user('Find it.'), call('search', { n: 1, q: 'a' }, 'I search.'), say('So it is \\boxed{42}.')];
    const second = [
      user('Find  it.\n'),
      call('search', { q: 'a', n: 1 }, '<think>Hm</think>Let me see.'),
      say('\\boxed{42}'),
    ];
    expect(part(first, second)).toEqual([undefined, undefined]);
  });

  it('is where one of them ends', () => {
    expect(part(OPENING, [...OPENING, say('42')])).toEqual([3, 'only in the second']);
    expect(part([...OPENING, say('42')], OPENING)).toEqual([3, 'only in the first']);
  });

  it('goes on beside what resembles it', () => {
    const tail = [call('bash', { run: 'x' }), result('bash', 'done'), say('\\boxed{7}')];
    const first = [...OPENING, call('search', { q: 'b' }), result('search', 'More.'), ...tail];
    const second = [...OPENING, ...tail];
    const { pairs, parting } = alignTurns(substances(first), substances(second));
    expect(parting).toBe(3);
    expect(pairs.slice(-3).map(({ first: one, second: other }) => [one, other])).toContainEqual([7, 5]);
    expect(pairs.at(-1)).toEqual({ first: 7, second: 5 });
  });

  it('keeps every turn of both once and in order, however many', () => {
    const turn = fc.oneof(
      fc.constantFrom('a', 'b').map((q) => call('search', { q })),
      fc.constantFrom('x', 'y').map((text) => result('search', text)),
      fc.constantFrom('go', 'stop').map(user),
    );
    const list = fc.array(turn, { minLength: 1, maxLength: 12 });
    const check = (first: Message[], second: Message[]) => {
      const { pairs } = alignTurns(substances(first), substances(second));
      expect(pairs.flatMap((pair) => pair.first ?? [])).toEqual([...first.keys()]);
      expect(pairs.flatMap((pair) => pair.second ?? [])).toEqual([...second.keys()]);
    };
    fc.assert(fc.property(list, list, check));
    const long = (word: string) => Array.from({ length: 2_000 }, (_, i) => call('search', { q: `${word}${i}` }));
    check(long('a'), long('b'));
  });
});

it('looks into no turn for each of the pairs that it weighs', () => {
  let looks = 0;
  const long = (word: string) =>
    substances(Array.from({ length: 400 }, (_, i) => say(`${word} ${i}`))).map((turn) => ({
      ...turn,
      get text() {
        looks++;
        return turn.text;
      },
    }));
  const { pairs } = alignTurns(long('a'), long('b'));
  expect(pairs).toHaveLength(400);
  expect(looks).toBeLessThan(400 * 10);
});
