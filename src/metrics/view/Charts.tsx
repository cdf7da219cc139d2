import { css } from '@emotion/css';
import type { FrameRun, MetricSource } from '@rolloscope/contract/frames';
import React, { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { Message } from '../../shared/Message';
import { usePixels } from '../../shared/usePixels';
import { sectionsOf } from '../data/sectionsOf';
import { useCatalogue } from '../data/useCatalogue';
import type { PanelOptions } from '../options';
import { AllCharts } from './AllCharts';
import { OnlyChart } from './OnlyChart';
import { RunsLegend } from './RunsLegend';
import { Strip } from './Strip';
import { Toolbar } from './Toolbar';
import { useChartsModel } from './useChartsModel';
import { useMetricsView } from './useMetricsView';

interface Props {
  source: MetricSource | undefined;
  runs: readonly FrameRun[];
  /** The parameter of the address that holds what the viewer changed. */
  param: string;
  options: PanelOptions;
  width: number;
  height: number;
  isUntitled: boolean;
  /** The failures of the refresh that brought the runs, in words. */
  faults: readonly string[];
}

/** A chart for each metric of the runs, under one toolbar and one legend. */
export function Charts({ source, runs, param, options, width, height, isUntitled, faults }: Props) {
  const [view, change] = useMetricsView(param);
  const { log: isLog = options.log, smoothing = options.smoothing } = view;
  const { catalogue, fault } = useCatalogue(source, runs, view.search);
  const model = useChartsModel({ source, runs, view, change, param, isLog, smoothing, width });
  const searchBox = useRef<HTMLInputElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const headHeight = usePixels(head, 'offsetHeight');
  const cameFrom = useRef<string>(undefined);
  useEffect(() => {
    cameFrom.current = view.only ?? cameFrom.current;
  }, [view.only]);

  const metrics = catalogue?.metrics ?? [];
  const sections = useMemo(() => sectionsOf(catalogue?.metrics ?? [], view.search), [catalogue, view.search]);
  const found = sections.reduce((sum, section) => sum + section.metrics.length, 0);
  const only = view.only === undefined ? undefined : metrics.find(({ name }) => name === view.only);
  const isSearched = view.search.trim() !== '';
  const areClosed = sections.every(({ prefix }) => view.closed.includes(prefix));
  const all = `${metrics.length.toLocaleString('en')}${catalogue?.isCut ? ' or more' : ''}`;
  const count = `${isSearched ? `${found.toLocaleString('en')} of ${all}` : all} ${metrics.length === 1 ? 'metric' : 'metrics'}`;
  const strip = [...faults, fault].filter(Boolean).join(' · ');

  const onKeyDown = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type !== 'range';
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      searchBox.current?.focus();
    }
  };
  return (
    <section className={styles.root} aria-label="Metrics" onKeyDown={onKeyDown}>
      <div ref={head} className={styles.head}>
        <Toolbar
          view={view}
          change={change}
          isLog={isLog}
          smoothing={smoothing}
          count={catalogue ? count : ''}
          sections={
            view.only === undefined && !isSearched && sections.length > 1
              ? {
                  areClosed,
                  onToggle: () => change({ closed: areClosed ? [] : sections.map(({ prefix }) => prefix) }),
                }
              : undefined
          }
          isUntitled={isUntitled}
          searchBox={searchBox}
        />
        <RunsLegend runs={runs} maxHeight={Math.max(44, height / 5)} />
        {strip !== '' && <Strip text={strip} />}
        {catalogue?.isCut && (
          <Strip text="Not all metrics are listed: the search looks through every one of them." isQuiet />
        )}
      </div>
      {!model || !catalogue ? (
        strip === '' && <Message icon="hourglass" title="Loading metrics…" />
      ) : view.only !== undefined && !only ? (
        <Message
          icon="graph-bar"
          title={`There is no metric ${view.only} in ${runs.length === 1 ? 'this run' : 'these runs'}`}
        >
          <button type="button" onClick={() => change({ only: undefined })}>
            All charts
          </button>
        </Message>
      ) : only ? (
        <OnlyChart key={only.name} model={model} metric={only} width={width} height={height - headHeight} />
      ) : metrics.length === 0 ? (
        <Message icon="graph-bar" title="No metrics logged yet">
          <p>Each gets a chart here as soon as the run logs it.</p>
        </Message>
      ) : found === 0 ? (
        <Message icon="search" title={`No metric has “${view.search}” in its name`} />
      ) : (
        <AllCharts
          sections={sections}
          model={model}
          options={options}
          closed={view.closed}
          onClosed={isSearched ? undefined : (closed) => change({ closed })}
          width={width}
          cameFrom={cameFrom.current}
        />
      )}
    </section>
  );
}

const styles = {
  root: css({ display: 'flex', flexDirection: 'column', width: '100%', height: '100%', overflow: 'hidden' }),
  head: css({ flex: 'none' }),
};
