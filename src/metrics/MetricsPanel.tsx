import { LoadingState, type PanelProps } from '@grafana/data';
import { config, getTemplateSrv } from '@grafana/runtime';
import { isMetricSource } from '@rolloscope/contract/frames';
import React from 'react';
import { copyOf } from '../shared/copyOf';
import { variableNames } from '../shared/dashboardVariables';
import { Message } from '../shared/Message';
import { useInstance } from '../shared/useInstance';
import { readRuns } from './data/readRuns';
import type { PanelOptions } from './options';
import { Charts } from './view/Charts';

/** The panel: finds the runs among its frames and draws a chart for each of their metrics, or says what is missing. */
export function MetricsPanel({ data, id, options, width, height, title, replaceVariables }: PanelProps<PanelOptions>) {
  const found = readRuns(data.series);
  const source = useInstance(found?.uid, isMetricSource);
  const copy = copyOf(
    variableNames(),
    (text) => replaceVariables(text),
    (text) => getTemplateSrv().replace(text),
  );
  const faults = [...new Set((data.errors ?? (data.error ? [data.error] : [])).map(({ message }) => message ?? ''))];
  if (config.publicDashboardAccessToken) {
    return (
      <Message icon="lock" title="Metrics cannot be shown on a public dashboard">
        <p>
          Grafana asks its data for it by its server, and this data source is asked by the browser of somebody who has
          signed in. Share the dashboard with those.
        </p>
      </Message>
    );
  }
  if (faults.length > 0 && !found) {
    return <Message icon="exclamation-triangle" title={faults.filter(Boolean).join(' · ') || 'The query failed'} />;
  }
  if (!found) {
    return data.state === LoadingState.Loading || data.state === LoadingState.NotStarted ? (
      <Message icon="hourglass" title="Loading metrics…" />
    ) : (
      <Message icon="graph-bar" title={data.series.length === 0 ? 'No run chosen' : 'This query asks for no runs'}>
        <p>
          Each metric of a run gets a chart here: choose one above, or let the query ask “Rolloscope runs” for Runs.
        </p>
      </Message>
    );
  }
  if (found.runs.length === 0) {
    return <Message icon="graph-bar" title="No run fits this query" />;
  }
  if (source === null) {
    return (
      <Message icon="graph-bar" title="Charts are read from the run store, which cannot be reached from here">
        <p>A snapshot holds the list of runs and not their metrics: open the dashboard itself.</p>
      </Message>
    );
  }
  return (
    <Charts
      source={source}
      runs={found.runs}
      param={`metrics-${id}${copy === '' ? '' : `-${copy}`}`}
      options={options}
      width={width}
      height={height}
      isUntitled={title === ''}
      faults={faults}
    />
  );
}
