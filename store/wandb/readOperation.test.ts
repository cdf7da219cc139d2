import { describe, expect, it } from 'vitest';
import { StoreError } from '../StoreError';
import { readOperation } from './readOperation';

const fields = (query: string) => readOperation({ query }).fields;

describe('readOperation', () => {
  it('tells the operation and what it asks for', () => {
    const query = `# a comment { with: braces }
      query RunResumeStatus($project: String = "{", $name: String!) {
        model(name: $project, filters: {x: "}"}) { bucket(name: $name) { id name } }
        viewer { id }
      }`;
    expect(readOperation({ query, variables: { name: 'r' } })).toMatchObject({
      name: 'RunResumeStatus',
      variables: { name: 'r' },
      fields: [
        { alias: 'model', field: 'model' },
        { alias: 'viewer', field: 'viewer' },
      ],
    });
  });

  it('takes a query without a name, aliases, fragments, and a name given apart', () => {
    expect(fields('{ viewer { id } }')).toEqual([{ alias: 'viewer', field: 'viewer' }]);
    const probe =
      'query P { QueryType: __type(name: "Query") { ...f } Other: __type { a } } fragment f on __Type { fields { name } }';
    expect(fields(probe)).toEqual([
      { alias: 'QueryType', field: '__type' },
      { alias: 'Other', field: '__type' },
    ]);
    expect(readOperation({ query: 'query A { a } query B { b }', operationName: 'B' }).name).toBe('B');
  });

  it('passes over strings, blocks of text and comments, whatever is in them', () => {
    const query = 'query Q { a(text: "\\" { b", block: """x " { c""") # { d\n e(x: "\\\\") f }';
    expect(fields(query)).toEqual(['a', 'e', 'f'].map((name) => ({ alias: name, field: name })));
  });

  it.each([
    ['braces', (n: number) => `query(${'{'.repeat(n)}`],
    ['escaped quotes', (n: number) => `{ a(x: "${'\\"'.repeat(n / 2)}`],
    ['open strings', (n: number) => `{ ${'"""'.repeat(n / 3)}`],
    ['comments', (n: number) => `{ ${'#'.repeat(n)}`],
    ['dots', (n: number) => `{ ${'.'.repeat(n)}`],
    ['names', (n: number) => `query Q(${'a '.repeat(n / 2)}) { a }`],
  ])('takes linear time: %s', (_what, make) => {
    /** The best of some: others use the machine, too. */
    const milliseconds = (n: number) => {
      const query = make(n);
      const times = Array.from({ length: 8 }, () => {
        const begin = performance.now();
        readOperation({ query });
        return performance.now() - begin;
      });
      return Math.min(...times);
    };
    milliseconds(8_000);
    // Thirty-two times as long a text; where time grows with the square it takes a thousand times as long.
    expect(milliseconds(256_000) / (milliseconds(8_000) + 0.1)).toBeLessThan(400);
  });

  it('bounds what is asked', () => {
    for (const query of [`{ ${'a '.repeat(1_001)}}`, ' '.repeat(300_000)]) {
      expect(() => readOperation({ query })).toThrow(expect.objectContaining({ code: 'limit_exceeded' }));
    }
  });

  it.each([null, {}, { query: 1 }, { query: '{a}', variables: [] }])('refuses %j', (body) => {
    expect(() => readOperation(body)).toThrow(StoreError);
  });
});
