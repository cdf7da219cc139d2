import { expect, it } from 'vitest';
import { formatSeconds } from './formatSeconds';

it.each([
  [0, '0 s'],
  [0.000_004, '0.004 ms'],
  [0.0034, '3.4 ms'],
  [0.25, '0.25 s'],
  [41.234, '41.2 s'],
  [63, '63 s'],
  [125, '2 min 5 s'],
  [120, '2 min'],
  [3_720, '1 h 2 min'],
  [3_599.9, '60 min'],
  [90_000, '1 d 1 h'],
  [86_400 * 5_000, '5,000 d'],
])('says %s seconds as %s', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));
