import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import type { Condition } from '@rolloscope/contract/types';
import React, { useEffect, useId, useMemo, useState } from 'react';
import { palette } from '../../shared/palette';
import type { Narrowing, TableData } from '../data/TableData';
import { useLoaded } from '../data/useLoaded';
import { conditionsOf, spanOf } from './axisFilter';
import { describeHeat, describeSpot } from './describeHeat';
import { HeatCanvas } from './HeatCanvas';
import { heatModel } from './HeatModel';
import { type Brush, HeatOverlay } from './HeatOverlay';
import { ageColumn, lengthColumn, valueColumn } from './heatColumns';
import { heatLayout } from './heatLayout';
import { useBrush } from './useBrush';

const BINS = { steps: 20, grid: 40 };
/** Pixels of the line above the picture. */
const BAR = 28;
/** Below this width the bar says less. */
const NARROW = 620;

interface Props {
  data: TableData;
  width: number;
  height: number;
  /** The table's narrowing, beside conditions on columns. */
  narrowing: Narrowing;
  /** All conditions: the picture leaves out those on its own two columns, and marks them instead. */
  filter: readonly Condition[];
  /** Takes the place of all conditions on a column; none removes them. */
  onFilter: (column: string, conditions: readonly Condition[]) => void;
}

/** Rewards by step, by length of the response or by age of the policy, above the table; a click or a drag narrows the table to what it marks. */
export function Distribution({ data, width, height, narrowing: { search, lens }, filter, onFilter }: Props) {
  const styles = useStyles2(getStyles);
  const hint = useId();
  const step = data.columns.find(({ role }) => role === 'step')?.name;
  const value = valueColumn(data.columns)?.name;
  const length = lengthColumn(data.columns)?.name;
  const age = ageColumn(data.columns)?.name;
  const views = [
    ...(step === undefined ? [] : [{ value: 'step', label: 'By step' }]),
    ...(length === undefined ? [] : [{ value: 'length', label: 'By length' }]),
    ...(age === undefined ? [] : [{ value: 'age', label: 'By age' }]),
  ];
  const [chosen, choose] = useState('step');
  const view = views.some((one) => one.value === chosen) ? chosen : views[0]?.value;
  const across = view === 'length' ? length : view === 'age' ? age : undefined;
  const by = across ?? step;

  const request = useMemo(
    () => ({
      column: value ?? '',
      ...(across !== undefined && { by: across, byBins: BINS.grid }),
      bins: BINS.steps,
      filter: filter.filter(({ column }) => column !== value && column !== by),
      search,
      lens,
    }),
    [value, across, by, filter, search, lens],
  );
  const bins = useLoaded(
    JSON.stringify([data.key, request]),
    async (signal) => (value === undefined || by === undefined ? undefined : data.loadBins(request, signal)),
    data,
  );
  const hasNoSteps = view === 'step' && !bins.isLoading && bins.value?.total === 0;
  useEffect(() => {
    // An imported eval has no steps, and its lengths are worth a look all the same.
    if (hasNoSteps && length !== undefined && filter.length === 0) {
      choose('length');
    }
  }, [hasNoSteps, length, filter.length]);
  const model = useMemo(
    () => bins.value && heatModel(bins.value, { column: value ?? '', by: by ?? '' }),
    [bins.value, value, by],
  );
  const box = { width, height: Math.max(0, height - BAR) };
  const columns = model?.x.ranges.length ?? 0;
  const rows = model?.y.ranges.length ?? 0;
  const layout = useMemo(
    () => heatLayout(box.width, box.height, columns, rows),
    [box.width, box.height, columns, rows],
  );
  const brush: Brush = model ? { x: spanOf(model.x, filter), y: spanOf(model.y, filter) } : {};
  const onBrush = (next: Brush) => {
    if (model) {
      onFilter(model.x.column, next.x ? conditionsOf(model.x, next.x) : []);
      onFilter(model.y.column, next.y ? conditionsOf(model.y, next.y) : []);
    }
  };
  const { spot, shown, handlers } = useBrush({ layout, columns, rows, brush, onBrush });
  const isNarrowed = brush.x !== undefined || brush.y !== undefined;
  const readout = model && spot ? describeSpot(model, spot) : '';
  return (
    <section className={styles.root} style={{ height }} aria-label={`Distribution of ${value ?? 'rewards'}`}>
      <div className={styles.bar}>
        {views.length > 1 && (
          <RadioButtonGroup
            size="sm"
            options={views}
            value={view ?? 'step'}
            onChange={choose}
            aria-label="Distribution"
          />
        )}
        <span className={styles.readout} aria-live="polite">
          {readout || (width >= NARROW && model ? `${value} ${view === 'step' ? 'by step' : `by ${by}`}` : '')}
        </span>
        {model && view === 'step' && columns > 1 && width >= NARROW && (
          <span className={styles.legend} aria-hidden>
            <span className={styles.mean} /> mean <span className={styles.median} /> median{' '}
            <span className={styles.band} /> middle half
          </span>
        )}
        {isNarrowed && (
          <Button size="sm" variant="secondary" fill="text" icon="times" onClick={() => onBrush({})}>
            Clear
          </Button>
        )}
      </div>
      {model ? (
        <div
          role="application"
          aria-roledescription="heatmap"
          aria-label={describeHeat(model)}
          aria-describedby={hint}
          aria-busy={bins.isLoading}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: cells are walked by arrow keys
          tabIndex={0}
          className={styles.picture}
          style={box}
          {...handlers}
        >
          <HeatCanvas model={model} layout={layout} {...box} />
          <HeatOverlay model={model} layout={layout} {...box} brush={shown} spot={spot} />
          <span id={hint} hidden>
            Arrow keys move, with Shift they extend. Enter shows the rollouts of the marked cells, Space those of the
            whole column, Escape clears.
          </span>
        </div>
      ) : (
        <p className={styles.note} role="status">
          {nothingText({ value, by, fault: bins.fault, isLoading: bins.isLoading })}{' '}
          {bins.fault !== undefined && (
            <Button size="sm" variant="secondary" fill="text" onClick={bins.retry}>
              Retry
            </Button>
          )}
        </p>
      )}
    </section>
  );
}

function nothingText(why: {
  value?: string | undefined;
  by?: string | undefined;
  fault?: string | undefined;
  isLoading: boolean;
}) {
  if (why.value === undefined || why.by === undefined) {
    const what = why.value === undefined ? 'a reward or a verdict' : 'a step or a length';
    return `A distribution needs a column with ${what}; this table has none.`;
  }
  if (why.fault !== undefined) {
    return `The distribution could not be read: ${why.fault}`;
  }
  return why.isLoading ? 'Loading the distribution…' : `No row has a finite ${why.value} here.`;
}

const getStyles = (theme: GrafanaTheme2) => {
  const { text, border } = palette(theme);
  const swatch = { display: 'inline-block', width: 18, verticalAlign: 'middle' };
  return {
    root: css({ flexShrink: 0, borderBottom: `1px solid ${border.weak}`, overflow: 'hidden' }),
    bar: css({
      display: 'flex',
      alignItems: 'center',
      gap: theme.spacing(1),
      height: BAR,
      padding: theme.spacing(0, 1),
      fontSize: theme.typography.bodySmall.fontSize,
      color: text.secondary,
    }),
    readout: css({
      flex: 1,
      minWidth: 0,
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
      fontVariantNumeric: 'tabular-nums',
    }),
    legend: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.5), whiteSpace: 'nowrap' }),
    mean: css({ ...swatch, borderTop: `2px solid ${text.primary}` }),
    median: css({ ...swatch, marginLeft: 6, borderTop: `2px dotted ${text.primary}` }),
    band: css({ ...swatch, marginLeft: 6, height: 8, background: text.primary, opacity: 0.2 }),
    picture: css({
      position: 'relative',
      cursor: 'crosshair',
      touchAction: 'pan-y',
      userSelect: 'none',
      '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
    }),
    note: css({ margin: 0, padding: theme.spacing(2), textAlign: 'center', color: text.secondary }),
  };
};
