import { call } from './seedPicture';

const COLUMNS = ['step', 'reward', 'prompt', 'response'];

/** Logs one version of `rollout_examples`; creates the run where it is new. */
export async function logRows(storeUrl: string, run: string, step: number, rows: unknown[][]): Promise<void> {
  await call(storeUrl, 'PUT', `/runs/${run}`, { project: 'panel' });
  const entries = [{ step, tables: { rollout_examples: { columns: COLUMNS, rows } } }];
  await call(storeUrl, 'POST', `/runs/${run}/log`, { entries });
}

const PADDING = 'and so the answer follows from what was said before; '.repeat(20);

/** A row of about 2 KB. */
export function manyRow(i: number): [step: number, reward: number, prompt: string, response: string] {
  return [Math.floor(i / 16), ((i * 7) % 13) / 10 - 0.1, `Question ${i}. ${PADDING}`, `Answer ${i}. ${PADDING}`];
}

/** Logs a history of `count` rows of 2 KB, 16 a step. */
export async function logManyRows(storeUrl: string, run: string, count: number): Promise<void> {
  await call(storeUrl, 'PUT', `/runs/${run}`, { project: 'panel' });
  const all = Array.from({ length: count }, (_, i) => manyRow(i));
  for (let from = 0; from < count; from += 2_000) {
    const part = all.slice(from, from + 2_000);
    const entries = [{ step: from, tables: { rollout_examples: { columns: COLUMNS, rows: part } } }];
    await call(storeUrl, 'POST', `/runs/${run}/log`, { entries });
  }
}

/** Long enough that each has a part of its own in the reader. */
const TAIL = ' and then some more text, so that it does not count as a short value';

/** Texts that a model can write and a page must survive. */
export const HOSTILE = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe><svg onload=alert(1)>',
  '[link](javascript:alert(1)) ![image](http://192.0.2.1/x.png)',
  'right to left: \u202egnp.exe\u202c and isolates \u2066x\u2069',
  'controls: \u0000\u0007\u001b[31mred\u001b[0m \u200b\ufeff',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax, which must stay as it is written
  '${run} $__all {{response}} ${__url.params}',
  '=HYPERLINK("http://192.0.2.1","x")',
  'x'.repeat(1_000_000),
  'a\n'.repeat(100_000),
  '👩‍💻'.repeat(5_000),
  '\u0301'.repeat(5_000),
  '('.repeat(50_000),
].map((text) => text + TAIL);
