import type { PanelProps } from '@grafana/data';
import React, { Suspense } from 'react';

/** `Table` of `@grafana/ui` is the one before 12.1; what Grafana's table panel draws now stands in `unstable`. */
const TableNG = React.lazy(async () => ({ default: (await import('@grafana/ui/unstable')).TableNG }));

/** The component behind Grafana's own table panel, with its defaults, to measure ours against. */
export function GrafanaTable({ data, width, height, timeRange, fieldConfig }: PanelProps) {
  const [frame] = data.series;
  return frame ? (
    <Suspense fallback={null}>
      <TableNG data={frame} width={width} height={height} timeRange={timeRange} fieldConfig={fieldConfig} />
    </Suspense>
  ) : null;
}
