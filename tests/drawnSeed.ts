import fc from 'fast-check';

/**
 * The seed of everything that tests draw. It stays the same from run to run, so that a failure is of the change that is
 * tested, and not of the draw; CI draws with others once a day. `DRAW_SEED=7 npm test -- FILE` draws with 7.
 */
export const DRAW_SEED = Number(process.env.DRAW_SEED ?? 1);
if (!Number.isInteger(DRAW_SEED)) {
  throw new Error(`DRAW_SEED is to be a whole number, and is ${process.env.DRAW_SEED}`);
}

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: DRAW_SEED });
