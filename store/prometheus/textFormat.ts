/*
 * Prometheus' text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). prom-client
 * writes the store's own metrics; of runs there may be 75,000 series, for which it takes a fifth of a second in one
 * piece. These lines are written a few at a time.
 */

const SPECIAL = /[\\"\n]/g;
const escapeOne = (char: string) => (char === '\n' ? '\\n' : `\\${char}`);

/** `{a="1",b="2"}`; a label without a value is left out, which means the same. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name];
    if (value) {
      text += `${text === '' ? '{' : ','}${name}="${value.replace(SPECIAL, escapeOne)}"`;
    }
  }
  return text === '' ? '' : `${text}}`;
}

export function numberText(value: number): string {
  return Number.isFinite(value) ? String(value) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

export function headText(name: string, help: string): string {
  const escaped = help.replace(/[\\\n]/g, escapeOne);
  return `# HELP ${name} ${escaped}\n# TYPE ${name} gauge\n`;
}
