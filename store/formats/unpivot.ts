/** A table as it was logged, by rows. */
export interface WideTable {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

const NUMBERED = /^(.+?)_(\d{1,6})$/;
/** What makes a set of numbered columns a sample: a text that went in or came out. */
const TEXTS = new Set(['input', 'output', 'prompt', 'response', 'completion', 'generation', 'question']);

/**
 * Turns a wide table into rows: `step, input_1, output_1, score_1, input_2 …` has one row a step, and becomes one row a
 * sample, with `step` repeated and the number as `sample`. Samples that are empty in a row are left out. A table that is
 * not wide comes back as it is. (verl's `val/generations` is written so.)
 */
export function unpivot(table: WideTable): WideTable {
  const samples = new Map<number, Map<string, number>>();
  const kept: number[] = [];
  table.columns.forEach((column, i) => {
    const [, base, number] = NUMBERED.exec(column) ?? [];
    if (base === undefined || number === undefined) {
      kept.push(i);
    } else {
      const of = samples.get(Number(number)) ?? new Map<string, number>();
      samples.set(Number(number), of.set(base, i));
    }
  });
  const bases = [...new Set([...samples.values()].flatMap((of) => [...of.keys()]))];
  if (!bases.some((base) => TEXTS.has(base))) {
    return table;
  }
  const numbers = [...samples.keys()].sort((a, b) => a - b);
  const rows: unknown[][] = [];
  for (const row of table.rows) {
    for (const number of numbers) {
      const cells = bases.map((base) => row[samples.get(number)?.get(base) ?? -1] ?? null);
      if (cells.some((cell) => cell !== null)) {
        rows.push([...kept.map((i) => row[i] ?? null), number, ...cells]);
      }
    }
  }
  return { columns: [...kept.map((i) => table.columns[i] ?? ''), 'sample', ...bases], rows };
}
