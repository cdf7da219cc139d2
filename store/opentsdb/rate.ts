import type { Dots } from './aggregators';
import { badRequest } from './OpenTsdbError';

/** How a change per second is taken: of a counter that may overflow or restart, or of anything. */
export interface Rate {
  counter: boolean;
  /** Where a counter overflows. */
  counterMax: number;
  /** A rate beyond it is taken for a restart and counts as 0; 0 for none. */
  resetValue: number;
  dropResets: boolean;
}

export function parseRate(options: unknown): Rate {
  const { counter = false, counterMax, resetValue, dropResets = false } = (options ?? {}) as Record<string, unknown>;
  const number = (value: unknown, name: string, otherwise: number): number => {
    const given = value === undefined || value === null || value === '' ? otherwise : Number(value);
    if (Number.isNaN(given)) {
      throw badRequest(`Invalid rateOptions: ${name} must be a number, not ${JSON.stringify(value)}.`);
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

/** Change per second from point to point; the first one has none. */
export function rateOf({ time, value }: Dots, { counter, counterMax, resetValue, dropResets }: Rate): Dots {
  const times: number[] = [];
  const values: number[] = [];
  for (let i = 1; i < time.length; i++) {
    const [before = 0, now = 0] = [value[i - 1], value[i]];
    const seconds = ((time[i] ?? 0) - (time[i - 1] ?? 0)) / 1_000;
    const isReset = counter && now < before;
    if (isReset && dropResets) {
      continue;
    }
    const change = isReset ? counterMax - before + now : now - before;
    const rate = change / seconds;
    times.push(time[i] ?? 0);
    values.push(counter && resetValue > 0 && rate > resetValue ? 0 : rate);
  }
  return { time: times, value: values };
}
