/** Compares two numbers for sorting, the highest first: what is no finite number comes last. */
export function descending(a: number | undefined, b: number | undefined): number {
  const [one, other] = [a, b].map((value) => (Number.isFinite(value) ? value : undefined));
  return one === undefined || other === undefined
    ? Number(one === undefined) - Number(other === undefined)
    : other - one;
}
