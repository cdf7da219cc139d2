import { badRequest, shown } from './OpenTsdbError';
import type { Datapoint, Datapoints } from './series';

/** A way to take a change per second: of a counter that may overflow or restart, or of anything. */
export interface Rate {
  counter: boolean;
  /** The value at which a counter overflows. */
  counterMax: number;
  /** A rate beyond it is taken for a restart and counts as 0; 0 for none. */
  resetValue: number;
  dropResets: boolean;
}

export function parseRate(options: unknown): Rate {
  const { counter = false, counterMax, resetValue, dropResets = false } = (options ?? {}) as Record<string, unknown>;
  const number = (value: unknown, name: string, otherwise: number): number => {
    if (value === undefined || value === null || value === '') {
      return otherwise;
    }
    // An object may have a `valueOf` of its own, which is none.
    const given = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
    if (Number.isNaN(given)) {
      throw badRequest(`Invalid rateOptions: ${name} must be a number, not ${shown(value)}.`);
    }
    return given;
  };
  return {
    counter: counter === true,
    counterMax: number(counterMax, 'counterMax', Number.MAX_SAFE_INTEGER),
    resetValue: number(resetValue, 'resetValue', 0),
    dropResets: dropResets === true,
  };
}

/**
 * Change per second from datapoint to datapoint; the first one has none. What is dropped is handed on without a value, so that
 * however much that is, whoever walks gets a datapoint at every step.
 */
export function* rateOf(
  datapoints: Datapoints,
  { counter, counterMax, resetValue, dropResets }: Rate,
): Generator<Datapoint> {
  let before: Datapoint | undefined;
  for (const now of datapoints) {
    if (before) {
      const isReset = counter && now.value < before.value;
      const change = isReset ? counterMax - before.value + now.value : now.value - before.value;
      const rate = change / ((now.time - before.time) / 1_000);
      const isRestart = counter && resetValue > 0 && rate > resetValue;
      yield { time: now.time, value: isReset && dropResets ? Number.NaN : isRestart ? 0 : rate };
    }
    before = now;
  }
}
