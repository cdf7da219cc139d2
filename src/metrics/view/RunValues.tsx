import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import type { MetricInfo } from '@rolloscope/contract/types';
import React, { useSyncExternalStore } from 'react';
import { palette } from '../../shared/palette';
import { pointAt } from '../chart/Crosshair';
import { formatValue } from '../chart/formatValue';
import { type ChartLine, extentOf } from '../chart/linesOf';
import { xText } from '../chart/xTicks';
import type { ChartsModel } from './ChartsModel';
import type { useChart } from './useChart';

interface Props {
  model: ChartsModel;
  metric: MetricInfo;
  chart: ReturnType<typeof useChart>;
}

/** The values of each run of a chart at the crosshair, else at its end, and over all of what is shown. */
export function RunValues({ model, metric, chart }: Props) {
  const styles = useStyles2(getStyles);
  const { hover, source } = model;
  const { lines, axis, unit } = chart;
  const alertAddress = ({ run }: ChartLine, value = Number.NaN) =>
    source.alertAddress({ run: run.id, project: run.project, metric: metric.name, value });
  const now = useSyncExternalStore(hover.subscribe, hover.get);
  const pointOf = (line: ChartLine) => (now?.axis === axis ? pointAt(line, now.x) : pointAt(line, line.xs.at(-1) ?? 0));
  const show = (value: number | undefined) => (value === undefined ? '–' : formatValue(value, unit));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>Run</th>
          <th>{axis === 'step' ? 'Step' : 'Time'}</th>
          <th>Value</th>
          <th>Lowest</th>
          <th>Highest</th>
          <th>Rollouts</th>
          <th>Alert</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => {
          const point = pointOf(line);
          const extent = extentOf([line], false);
          const step = point?.step;
          const toRule = alertAddress(line, point?.value);
          return (
            <tr key={line.run.id}>
              <td>
                <i style={{ background: line.run.color }} />
                {line.run.label}
              </td>
              <td>{point ? xText(axis, point.x) : '–'}</td>
              <td>{show(point?.value)}</td>
              <td>{show(extent?.[0])}</td>
              <td>{show(extent?.[1])}</td>
              <td>
                {typeof step === 'number' && <a href={source.rolloutsAddress(line.run.id, step)}>of step {step}</a>}
              </td>
              <td>{toRule === undefined ? '–' : <a href={toRule}>Alert on this</a>}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    fontSize: 12,
    fontVariantNumeric: 'tabular-nums',
    '& th, & td': { padding: '0 8px', lineHeight: '24px', textAlign: 'right', whiteSpace: 'nowrap', fontWeight: 400 },
    '& th': { color: palette(theme).text.secondary },
    '& th:first-of-type, & td:first-of-type': { textAlign: 'left', whiteSpace: 'normal', overflowWrap: 'anywhere' },
    '& tr': { borderTop: `1px solid ${palette(theme).border.weak}` },
    '& i': { display: 'inline-block', width: 14, height: 3, marginRight: 6, verticalAlign: 'middle' },
    '& a': { color: palette(theme).text.link },
  }),
});
