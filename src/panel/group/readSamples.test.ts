import { FieldType, toDataFrame } from '@grafana/data';
import { expect, it } from 'vitest';
import { FramePage } from '../data/frame/FramePage';
import { readTable } from '../data/readTable';
import { endsOf, readSamples } from './readSamples';

function samplesOf(rewards: (number | null)[]) {
  const frame = toDataFrame({ fields: [{ name: 'reward', type: FieldType.number, values: rewards }] });
  return readSamples(new FramePage(frame, 0, rewards.length), readTable(frame, null).columns);
}

it('ranks finite rewards, the best first, and all others last, as they were logged', () => {
  const samples = samplesOf([Number.POSITIVE_INFINITY, 0.5, Number.NaN, 1, null, Number.NEGATIVE_INFINITY, 0]);
  expect(samples.map(({ row }) => row)).toEqual([3, 1, 6, 0, 2, 4, 5]);
  expect(endsOf(samples).map((one) => one?.reward)).toEqual([1, 0]);
  expect(endsOf(samplesOf([Number.NaN, null])).map((one) => one?.row)).toEqual([0, 1]);
});
