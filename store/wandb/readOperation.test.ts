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

  it.each([null, {}, { query: 1 }, { query: '{a}', variables: [] }])('refuses %j', (body) => {
    expect(() => readOperation(body)).toThrow(StoreError);
  });
});
