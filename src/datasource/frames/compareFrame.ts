import { createDataFrame, type DataFrame, type Field, FieldType } from '@grafana/data';
import type { Run } from '@rolloscope/contract/types';
import { escapeLine } from '../../shared/escapeText';
import { flattenConfig } from './flattenConfig';
import { runColor } from './seriesStyle';

/** Columns that a person can still compare. */
const MOST_RUNS = 50;

/** Runs side by side: a line for each key of their config in which they differ, or with `all` for every key. */
export function compareFrame(runs: readonly Run[], all: boolean, refId: string): DataFrame {
  const shown = runs.slice(0, MOST_RUNS);
  const configs = shown.map(({ config = {}, tags, group }) => {
    const attributes = { ...(group !== undefined && { group }), ...(tags.length > 0 && { tags: tags.join(', ') }) };
    return new Map([...flattenConfig(attributes), ...flattenConfig(config)]);
  });
  const keys = [...new Set(configs.flatMap((config) => [...config.keys()]))].sort();
  const differs = (key: string) => new Set(configs.map((config) => config.get(key))).size > 1;
  const listed = all ? keys : keys.filter(differs);
  const nameOf = ({ id, name }: Run) =>
    shown.some((other) => other.id !== id && other.name === name) ? `${name} (${id})` : name;
  const fields: Field[] = [
    { name: 'Config', type: FieldType.string, values: listed, config: {} },
    ...shown.map((run, i): Field => {
      return {
        name: run.id,
        type: FieldType.string,
        values: listed.map((key) => configs[i]?.get(key) ?? null),
        labels: { run: run.id, project: run.project },
        config: { displayNameFromDS: escapeLine(nameOf(run)), color: { mode: 'fixed', fixedColor: runColor(run) } },
      };
    }),
    ...(all ? [{ name: 'Differs', type: FieldType.boolean, values: listed.map(differs), config: {} }] : []),
  ];
  const texts = [
    ...(runs.length > MOST_RUNS ? [`The first ${MOST_RUNS} of ${runs.length} runs are compared.`] : []),
    ...(listed.length === 0 && shown.length > 0 ? [emptyText(shown.length)] : []),
  ];
  return {
    ...createDataFrame({ refId, name: 'config', fields }),
    meta: {
      preferredVisualisationType: 'table',
      ...(texts.length > 0 && { notices: texts.map((text) => ({ severity: 'info' as const, text })) }),
    },
  };
}

const emptyText = (runs: number) =>
  runs === 1 ? 'One run differs from nothing: choose several, or show every key.' : 'These runs have the same config.';
