import { css } from '@emotion/css';
import { getTemplateSrv } from '@grafana/runtime';
import { InlineFieldRow, MultiCombobox } from '@grafana/ui';
import { EVALS, EvalResults, fitsName, standsForMany } from '@rolloscope/contract/evals';
import React from 'react';
import { type Choice, count } from '../choices/Choice';
import { expandAll } from '../interpolate';
import type { MetricsQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { Field } from './Field';
import { useChoices } from './useChoices';

interface Props {
  query: MetricsQuery;
  datasource: StoreSource;
  onChange(query: MetricsQuery): void;
}

const MOST_FAMILIES = 20;
const line = css({ display: 'block', margin: '0 0 4px 116px', overflowWrap: 'anywhere' });

/** Metrics by name, by variable, or by glob; how many a glob fits is said below. */
export function MetricNames({ query, datasource, onChange }: Props) {
  const { list, options } = useChoices(datasource, { kind: 'metrics', runs: query.runs });
  const all = Array.isArray(options) ? [...options, ...familiesOf(list)] : options;
  const globs = expandAll(query.metrics, getTemplateSrv()).filter(standsForMany);
  return (
    <>
      <InlineFieldRow>
        <Field
          label="Metrics"
          first
          grow
          tooltip="Names, globs such as eval/*/mean, or @evals: the results of evals, whatever the trainer calls them"
        >
          {(id) => (
            <MultiCombobox
              id={id}
              options={all}
              value={query.metrics}
              createCustomValue
              placeholder="Choose metrics"
              onChange={(chosen) => onChange({ ...query, metrics: chosen.map(({ value }) => value) })}
            />
          )}
        </Field>
      </InlineFieldRow>
      {globs.length > 0 && list.length > 0 && (
        <small className={line} data-testid="glob counts">
          {globs.map((glob) => `${glob} fits ${fitting(glob, list)}`).join(' · ')}
        </small>
      )}
    </>
  );
}

function fitting(glob: string, list: readonly Choice[]): string {
  const fits = glob === EVALS ? evalsAmong(list) : list.filter(({ value }) => fitsName(value, glob)).length;
  return fits === 0 ? 'none yet' : count(fits, 'metric');
}

/** Counts the results of evals in a list, for each task the one that a run gives. */
function evalsAmong(list: readonly Choice[]): number {
  const results = new EvalResults();
  for (const { value } of list) {
    results.take(value);
  }
  return results.metrics().length;
}

/** Globs over metrics with one beginning, the largest first: `eval/*`. */
function familiesOf(list: readonly Choice[]) {
  const families = new Map<string, number>();
  for (const { value } of list) {
    const end = value.indexOf('/');
    if (end > 0) {
      const glob = `${value.slice(0, end)}/*`;
      families.set(glob, (families.get(glob) ?? 0) + 1);
    }
  }
  return [...families]
    .filter(([, n]) => n > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_FAMILIES)
    .map(([value, n]) => ({ value, description: count(n, 'metric') }));
}
