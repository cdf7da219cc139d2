import { describe, expect, it } from 'vitest';
import { epochMilliseconds } from './epochMilliseconds';
import { stepField, timeField } from './stepNames';

describe('stepField', () => {
  it.each([
    'step',
    'Step',
    'global_step',
    'Global Step',
    'globalStep',
    'train/global_step',
    'trainer/global_step',
    '_step',
    'iteration',
    'Iter',
    'training_iteration',
    'update',
    'num_updates',
    'epoch',
    'Epoch',
    'training_step',
    'time/total_timesteps',
    'episode',
    'step_num',
    'Step Index',
    'it',
    'current_steps',
    'cur_step',
    'train_steps',
    'num_timesteps',
    'env_step',
  ])('knows %s', (name) => {
    expect(
      stepField(
        [
          { loss: 1, [name]: 1 },
          { loss: 0.5, [name]: '2' },
        ],
        true,
      ),
    ).toBe(name);
  });

  it.each(['eval/step', 'steps', 'num_steps', 'stepwise_reward', 'timing_s/step', 'epoch_loss', 'seed'])(
    'takes %s for no step',
    (name) => {
      expect(stepField([{ loss: 1, [name]: 1 }], true)).toBeUndefined();
    },
  );

  it('prefers what is surer, where it has whole numbers', () => {
    expect(stepField([{ epoch: 1, _step: 7, 'train/global_step': 5 }], true)).toBe('train/global_step');
    expect(stepField([{ epoch: 1, step: 0.5 }], true)).toBe('epoch');
    expect(stepField([{ epoch: 0.5 }, { epoch: 1 }], true)).toBeUndefined();
    expect(stepField([{ step: null, loss: 1 }], true)).toBeUndefined();
  });

  it('leaves a count that begins anew, which would hide points', () => {
    const batches = [0, 1].flatMap((epoch) => [0, 1].map((iteration) => ({ epoch, iteration, loss: 1 })));
    expect(stepField(batches, true)).toBeUndefined();
    expect(
      stepField(
        [
          { epoch: 1, loss: 1 },
          { epoch: 1, eval_loss: 1 },
          { epoch: 2, loss: 1 },
        ],
        true,
      ),
    ).toBe('epoch');
    expect(
      stepField(
        [
          { step: 1, loss: 1 },
          { step: 1, loss: 2 },
        ],
        true,
      ),
    ).toBe('step');
  });

  it('takes the epoch of rollouts for their step, and the moves of an agent for none', () => {
    expect(
      stepField(
        [
          { prompt: 'p', epoch: 1 },
          { prompt: 'p', epoch: 1 },
        ],
        false,
      ),
    ).toBe('epoch');
    expect(stepField([{ prompt: 'p', timesteps: 12 }], false)).toBeUndefined();
  });
});

describe('epochMilliseconds', () => {
  const at = Date.UTC(2026, 0, 5, 10, 0, 0);
  it.each([
    at / 1_000,
    at,
    at * 1_000,
    at * 1_000_000,
    String(at / 1_000),
    String(BigInt(at) * 1_000_000n),
    '2026-01-05T10:00:00Z',
    '2026-01-05 10:00:00',
    '2026-01-05T11:00:00+01:00',
    '2026-01-05T11:00:00.000+0100',
    '2026-01-05 10:00:00,000',
    '2026-01-05T10:00:00.000000',
    '2026-01-05 10:00',
    'Mon Jan  5 10:00:00 2026',
    'Mon, 05 Jan 2026 10:00:00 GMT',
    '2026/01/05 10:00:00',
  ])('reads %s', (text) => {
    expect(epochMilliseconds(text)).toBe(at);
  });

  it('keeps fractions of a second, and reads a day', () => {
    expect(epochMilliseconds(1_763_985_600.25)).toBe(1_763_985_600_250);
    expect(epochMilliseconds('2026-01-05T10:00:00.1234567Z')).toBe(at + 123);
    expect(epochMilliseconds('2026-01-05')).toBe(Date.UTC(2026, 0, 5));
  });

  it.each([0.5, 12, 86_400, '00:10:00', 'May', 'first', '2026', '2026-13-40', null, true])(
    'takes %s for no moment',
    (cell) => {
      expect(epochMilliseconds(cell)).toBeUndefined();
    },
  );
});

it.each(['time_ns', 'timestamp_ms', 'ts', 'Wall time', 'created_at', 'time_utc'])('knows the moment by %s', (name) => {
  const isTime = (cell: unknown) => epochMilliseconds(cell) !== undefined;
  expect(timeField([{ [name]: 1_763_985_600_250_000_000, loss: 1 }], isTime)).toBe(name);
  expect(timeField([{ [name]: 250, loss: 1 }], isTime)).toBeUndefined();
});
