/** A number as short as it goes: at most 4 significant digits where it is no integer. The exact one is for tooltips. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) || !Number.isFinite(value) ? String(value) : String(Number(value.toPrecision(4)));
}
