/** Two readings of the time, both in epoch milliseconds. */
export interface Clock {
  /** The machine's clock, which people and other machines set: for when something was. It may jump, also back. */
  now(): number;
  /** The same when the process began, and steady since: for how long something takes or lasts. */
  steady(): number;
}

export const CLOCK: Clock = {
  now: () => Date.now(),
  steady: () => performance.timeOrigin + performance.now(),
};
