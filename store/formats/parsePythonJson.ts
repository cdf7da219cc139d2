/** What Python's `json` writes for numbers that JSON has no word for. Strings are matched first, so that they stay. */
const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

/**
 * A JSON text as Python's `json.dumps` writes it, where bare `NaN`, `Infinity` and `-Infinity` may stand: they become
 * the strings that the contract has for them. Throws a `SyntaxError` for anything else that is not JSON.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!text.includes('NaN') && !text.includes('Infinity')) {
      throw cause;
    }
  }
  return JSON.parse(text.replace(STRING_OR_NON_FINITE, (found) => (found.startsWith('"') ? found : `"${found}"`)));
}
