import { describe, expect, it } from 'vitest';
import { Blackout, MARK } from './Blackout';

const blackOut = async (list: string, value: unknown) => {
  const blackout = await Blackout.of(list);
  return { left: blackout.value(value), times: blackout.times.map(({ times }) => times) };
};

describe('blacking out', () => {
  it('leaves all as it is where nothing is to go', async () => {
    const value = { a: ['x', 1, null], b: '{"c": 1.0}' };
    expect((await blackOut('\n  \n', value)).left).toBe(value);
    expect((await blackOut('missing', value)).left).toEqual(value);
  });

  it('finds a word in any case, Unicode form and with any blanks, and counts it', async () => {
    const { left, times } = await blackOut('Acme Corp\ncafé', 'ACME  corp, acme\ncorp; cafe\u0301, CAFÉ');
    expect(left).toBe(`${MARK}, ${MARK}; ${MARK}, ${MARK}`);
    expect(times).toEqual([2, 2]);
  });

  it.each([
    ['an address', 'a/b c', 'https://x.test/?q=a%2Fb%20c&r=a%2fb+c&s=a%252Fb%2520c'],
    ['JSON in a text', 'say "hi"', '{"text": "they say \\"hi\\" \\u0073ay \\"hi\\""}'],
    ['HTML', 'A&B', '<p>A&amp;B</p>'],
    ['a name with a dash', 'gpu-node-7', 'http://GPU-node-7:8900'],
    ['the name of a field', 'token', { 'my-token': 1, nested: [{ token: 'TOKEN' }] }],
    ['a number', '1234', { id: 9_123_456, other: 5 }],
    ['what a pattern has of its own', 'a.b (c) [d] {e} $5 ^ \\ | * + ?', 'x a.b (c) [d] {e} $5 ^ \\ | * + ? y'],
  ])('finds a word in %s', async (_where, word, value) => {
    const text = JSON.stringify((await blackOut(word, value)).left).toLowerCase();
    for (const form of [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1), 'a&amp;b']) {
      expect(text).not.toContain(form.toLowerCase());
    }
    expect(text).toContain(MARK);
  });

  it('finds a word that several pieces of a list share', async () => {
    const tokens = [' my', ' se', 'cr', 'et', ' is', ' out'];
    expect((await blackOut('secret', tokens)).left).toEqual([' my', ` ${MARK}`, MARK, MARK, ' is', ' out']);
    const entries = tokens.map((text, i) => ({ text, logprob: -i }));
    const { left, times } = await blackOut('secret', { tokens: entries });
    expect(JSON.stringify(left)).not.toMatch(/"(cr|et)"/);
    expect(times).toEqual([1]);
    expect((await blackOut('secret', JSON.stringify(tokens))).left).not.toContain('"cr"');
  });

  it('leaves nothing of words that overlap', async () => {
    const { left } = await blackOut('john\njohn smith\nsmithers', 'John Smithers and john');
    expect(left).not.toMatch(/john|smith/i);
  });

  it('takes patterns, and says which is not valid', async () => {
    expect((await blackOut('/sk-[a-z0-9]+/', 'key sk-abc123, SK-9')).left).toBe(`key ${MARK}, ${MARK}`);
    await expect(Blackout.of('/(/')).rejects.toThrow('not valid RE2');
    await expect(Blackout.of('x\n'.repeat(201))).rejects.toThrow('201 words and patterns: a list may have 200.');
  });

  it('keeps two fields apart whose names become one', async () => {
    const { left } = await blackOut('ann\nbob', { ann: 1, bob: 2, __proto: 3 });
    expect(Object.values(left as object)).toEqual([1, 2, 3]);
    expect(Object.keys(left as object)).toHaveLength(3);
  });
});
