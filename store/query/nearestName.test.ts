import { expect, it } from 'vitest';
import { nearestName } from './nearestName';

it('ignores the case of every letter, as all searches do', () => {
  expect(nearestName('ΛΟΣΣΣ', ['λοςςς', 'λοσσα'])).toBe('λοςςς');
  expect(nearestName('ſtep', ['Stop', 'STEP'])).toBe('STEP');
});
