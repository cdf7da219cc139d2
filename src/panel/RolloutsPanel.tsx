import { LoadingState, locationUtil, type PanelProps } from '@grafana/data';
import { config, getTemplateSrv } from '@grafana/runtime';
import { LinkButton, useTheme2 } from '@grafana/ui';
import { isLabelSource, isRowSource } from '@rolloscope/contract/frames';
import React, { useEffect, useMemo } from 'react';
import { copyOf } from '../shared/copyOf';
import { variableNames } from '../shared/dashboardVariables';
import { Message } from '../shared/Message';
import { useInstance } from '../shared/useInstance';
import { useRunAlerts } from './alerts/useRunAlerts';
import { describeColumns, isRolloutTable } from './data/describeColumns';
import { isSnapshot } from './data/isSnapshot';
import { inTimeRange } from './data/RowsInTimes';
import { readTable, rowsMeta } from './data/readTable';
import { MediaContext, mediaPlace } from './media/MediaContext';
import type { PanelOptions } from './options';
import { subjectOf } from './table/subjectOf';
import { changeView } from './table/ViewState';
import { queryFaults } from './view/model/queryFaults';
import { useLastAnswer } from './view/model/useLastAnswer';
import { useSameState } from './view/model/useSameState';
import { useViewState, viewParam } from './view/model/useViewState';
import { RolloutsTable } from './view/RolloutsTable';

/** The page of the app that has the lines a trainer needs to log rollouts. */
const APP_PAGE = '/a/rolloscope-runs-app';

/** The panel: finds the rollout table among its frames, or says what is missing. */
export function RolloutsPanel(props: PanelProps<PanelOptions>) {
  const { data, options, fieldConfig, width, height, timeZone } = props;
  const { frames, timeRange } = useLastAnswer(data);
  const tables = useMemo(
    () =>
      frames.filter((frame) => {
        const columns = describeColumns(frame, rowsMeta(frame), options.roles);
        // Whoever chose columns wants to see them, whatever the table is about.
        return isRolloutTable(columns) || columns.some(({ name }) => options.columns?.includes(name));
      }),
    [frames, options.columns, options.roles],
  );
  const copy = copyOf(
    variableNames(),
    (text) => props.replaceVariables(text),
    (text) => getTemplateSrv().replace(text),
  );
  const [view, dispatch] = useViewState(viewParam(props.id, copy));
  const at = view.table < tables.length ? view.table : 0;
  const frame = tables[at];
  const isFrozen = isSnapshot(data.request?.targets);
  const source = useInstance(isFrozen ? undefined : frame && rowsMeta(frame)?.uid, isRowSource);
  const alerts = useRunAlerts(frame, isFrozen);
  const read = useMemo(() => {
    if (!frame || source === undefined) {
      return undefined;
    }
    const all = readTable(frame, source, options.roles);
    return options.inTimeRange ? inTimeRange(all, timeRange) : all;
  }, [frame, source, options.roles, options.inTimeRange, timeRange]);
  const table = useSameState(read, fieldConfig, timeZone, useTheme2());
  const media = useMemo(() => mediaPlace(source, options.remoteMedia), [source, options.remoteMedia]);
  const key = table ? table.key : '';
  const subject = useMemo(() => subjectOf(key), [key]);
  useEffect(() => {
    if (subject !== '') {
      dispatch({ type: 'show', subject });
    }
  }, [subject, dispatch]);

  if (config.publicDashboardAccessToken) {
    return (
      <Message icon="lock" title="Rollouts cannot be shown on a public dashboard">
        <p>
          Grafana asks its data for it by its server, and this data source is asked by the browser of somebody who has
          signed in. Share the dashboard with those, or a snapshot.
        </p>
      </Message>
    );
  }
  const faults = queryFaults(data);
  if (frame) {
    return table ? (
      <MediaContext.Provider value={media}>
        <RolloutsTable
          table={table}
          frame={frame}
          tables={tables.map((one, i) => ({
            label: rowsMeta(one)?.label ?? one.name ?? one.refId ?? '',
            value: String(i),
          }))}
          chosen={String(at)}
          onTable={(value) => dispatch({ type: 'chooseTable', table: Number(value) })}
          view={view.subject === subject ? view : changeView(view, { type: 'show', subject })}
          dispatch={dispatch}
          options={options}
          fieldConfig={fieldConfig}
          faults={faults}
          isUntitled={props.title === ''}
          width={width}
          height={height}
          timeZone={timeZone}
          timeRange={props.timeRange}
          onTimeRange={props.onChangeTimeRange}
          eventBus={props.eventBus}
          alerts={alerts}
          labels={source && isLabelSource(source) ? source : undefined}
          targets={isFrozen ? undefined : data.request?.targets}
        />
      </MediaContext.Provider>
    ) : null;
  }
  if (faults.length > 0) {
    return (
      <Message icon="exclamation-triangle" title={faults.join(' · ')}>
        <p>Check the query and its data source. The panel tries again on the next refresh.</p>
      </Message>
    );
  }
  if (data.state === LoadingState.Loading || data.state === LoadingState.NotStarted) {
    return <Message icon="hourglass" title="Loading rollouts…" />;
  }
  const names = frames.flatMap(({ fields }) => fields.map(({ name }) => name));
  const reasons = [...new Set(frames.flatMap(({ meta }) => meta?.notices?.map(({ text }) => text) ?? []))];
  return names.length === 0 ? (
    <Message icon="list-ul" title={reasons.length > 0 ? 'No rollouts to show' : 'No rollouts logged yet'}>
      {reasons.length > 0 ? (
        reasons.map((reason) => <p key={reason}>{reason}</p>)
      ) : (
        <p>They show here as soon as a run logs the table that the query names. Is the run the one you mean?</p>
      )}
      <LinkButton size="sm" variant="secondary" href={locationUtil.assureBaseUrl(APP_PAGE)}>
        How to log rollouts
      </LinkButton>
    </Message>
  ) : (
    <Message icon="columns" title="These columns do not look like rollouts">
      <p>
        The panel needs at least one column named prompt, response, messages or reward (or input, output, completion,
        score). The query gives {names.slice(0, 12).join(', ')}
        {names.length > 12 ? '…' : '.'}
      </p>
    </Message>
  );
}
