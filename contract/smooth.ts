/**
 * The exponential average of values, each weighing `1 - weight`, corrected for its start at nothing: the first value
 * is its own average. A value that is not finite stays what it is, and the average goes on as if it were not there.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) {
      return value;
    }
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return sum / mass;
  });
}
