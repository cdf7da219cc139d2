import type { Parameters } from '../Parameters';
import { isText, placeOf, type RunColumn } from './columnSql';

/**
 * SQL of what a row of a run is, within its run and table: its step, and prompt and response, or where there is no response
 * all that was logged. Of long texts the beginning and the length tell them apart.
 */
export function rolloutSql(columns: readonly RunColumn[], parameters: Parameters): string {
  const logged = columns
    .filter(({ origin }) => origin === 'logged')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((column) => {
      const { sql, chars } = placeOf(column, parameters);
      const length = isText(column.type) ? `, '#', toString(${chars})` : '';
      return `ifNull(concat(${parameters.text(`${column.name}=`)}, toString(${sql})${length}), '')`;
    });
  // A column that came later, of which this row has nothing, changes nothing of what it is.
  const parts =
    logged.length === 0 ? "''" : `arrayStringConcat(arrayFilter(part -> part != '', [${logged.join(', ')}]), char(31))`;
  const all = `lower(hex(MD5(${parts})))`;
  const hash = (name: string) => {
    const column = columns.find((one) => one.name === name && one.origin === 'derived' && one.type === 'string');
    return column && placeOf(column, parameters).sql;
  };
  const [prompt, response] = [hash('promptHash'), hash('responseHash')];
  const content = response ? `ifNull(concat(ifNull(${prompt ?? 'NULL'}, ''), ' ', ${response}), ${all})` : all;
  return `concat(ifNull(toString(step), '-'), ' ', ${content})`;
}

/** A condition that all rows of a rollout meet, by which few rows are looked at. */
export function atStepOf(key: string): string {
  const [step] = key.split(' ');
  return step === '-' ? 'step IS NULL' : `step = ${Number(step)}`;
}
