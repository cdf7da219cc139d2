/**
 * How many tokens a cell of per-token data holds: a list with an entry for each, or lists side by side, such as
 * `{text: […], logprob: […]}`. Undefined for anything else.
 */
export function countTokens(cell: unknown): number | undefined {
  if (Array.isArray(cell)) {
    return cell.length;
  }
  if (typeof cell === 'string' && /^\s{0,9}[[{]/.test(cell)) {
    try {
      return countTokens(JSON.parse(cell));
    } catch {
      return undefined;
    }
  }
  if (typeof cell === 'object' && cell !== null) {
    return Object.values(cell).find(Array.isArray)?.length;
  }
  return undefined;
}
