import { expect, it } from 'vitest';
import { prepareAnnotation } from './prepareAnnotation';
import { DEFAULT_ANNOTATION } from './query';

const about = { name: 'New annotation', enable: true, iconColor: 'red' };

it.each([
  ['none', {}],
  ['a refId alone, as Grafana 12.4 gives', { target: { refId: 'Anno' } as never }],
])('asks for events where an annotation has %s', (_, given) => {
  expect(prepareAnnotation({ ...about, ...given }).target).toMatchObject(DEFAULT_ANNOTATION);
});

it('gives a query that is whole back as it is, the same object', () => {
  const first = prepareAnnotation(about);
  const saved = { ...first, target: { ...first.target, types: ['regression'] } as never };
  expect(prepareAnnotation(first)).toBe(first);
  expect(prepareAnnotation(saved)).toBe(saved);
});
