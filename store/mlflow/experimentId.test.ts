import fc from 'fast-check';
import { expect, it } from 'vitest';
import { experimentIdOf, projectOf } from './experimentId';

it('finds the project of an experiment again, whatever its name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }), (project) => {
      expect(projectOf(experimentIdOf(project))).toBe(project);
      expect(experimentIdOf(project)).toMatch(/^[\w-]+$/);
    }),
  );
  expect([experimentIdOf('Default'), projectOf('0')]).toEqual(['0', 'Default']);
});

it.each([
  undefined,
  7,
  '',
  '1',
  'e',
  'eA',
  'e/w',
  'xTWF0aA',
  'eRGVmYXVsdA',
  `e${Buffer.alloc(600, 'a').toString('base64url')}`,
])('takes %j for no experiment', (id) => expect(projectOf(id)).toBeUndefined());
