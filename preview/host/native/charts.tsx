import {
  DashboardCursorSync,
  type DataFrame,
  EventBusSrv,
  type Field,
  FieldType,
  type LinkModel,
  type PanelProps,
} from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import {
  PanelContextProvider,
  TimeSeries,
  TooltipDisplayMode,
  TooltipPlugin2,
  type UPlotConfigBuilder,
  usePanelContext,
} from '@grafana/ui';
import { useMemo } from 'react';

const hiddenLegend = {
  showLegend: false,
  displayMode: LegendDisplayMode.List,
  placement: 'bottom' as const,
  calcs: [],
};

interface Options {
  legend?: typeof hiddenLegend;
  xField?: string;
}

function Message({ children }: { children: string }) {
  return (
    <div style={{ display: 'flex', height: '100%', alignItems: 'center', justifyContent: 'center', opacity: 0.7 }}>
      {children}
    </div>
  );
}

/** The tooltip of a point: its series and value, and its links. */
function Tooltip({
  frame,
  dataIdxs,
  seriesIdx,
}: {
  frame: DataFrame;
  dataIdxs: (number | null)[];
  seriesIdx: number | null;
}) {
  const index = dataIdxs.find((one) => one !== null) ?? 0;
  const x = frame.fields[0];
  const shown = frame.fields
    .slice(1)
    .filter((field) => field.values[index] !== null && field.values[index] !== undefined);
  const links = (shown[Math.max(0, (seriesIdx ?? 1) - 1)] ?? shown[0])?.getLinks?.({ valueRowIndex: index }) ?? [];
  return (
    <div style={{ padding: 8 }}>
      <div>
        {x?.config.displayName ?? x?.name}: {x && String(x.display?.(x.values[index]).text ?? x.values[index])}
      </div>
      {shown.map((field) => (
        <div key={field.state?.displayName ?? field.name}>
          {field.state?.displayName ?? field.name}: {field.display?.(field.values[index]).text}
        </div>
      ))}
      {links.map((link: LinkModel<Field>) => (
        <div key={link.href}>
          <a href={link.href} target={link.target ?? '_self'}>
            {link.title}
          </a>
        </div>
      ))}
    </div>
  );
}

/** A frame with a numeric x is drawn as it stands: the usual preparation joins frames by their times. */
function prepareByNumber([frame]: DataFrame[]): DataFrame {
  const fields = (frame?.fields ?? []).map((field, fieldIndex) => ({
    ...field,
    state: { ...field.state, origin: { fieldIndex, frameIndex: 0 } },
  }));
  return { fields, length: frame?.length ?? 0 };
}

function Chart({
  frames,
  props,
  options,
  byNumber = false,
}: {
  frames: DataFrame[];
  props: PanelProps<Options>;
  options: Options;
  byNumber?: boolean;
}) {
  const legend = { ...hiddenLegend, ...options.legend };
  return (
    <TimeSeries
      {...(byNumber && { preparePlotFrame: prepareByNumber as never })}
      frames={frames}
      structureRev={props.data.structureRev ?? 0}
      timeRange={props.timeRange}
      timeZone={props.timeZone}
      width={props.width}
      height={props.height}
      legend={legend}
      options={{ ...options, legend, tooltip: { mode: TooltipDisplayMode.Multi, sort: 'none' } } as never}
    >
      {(config: UPlotConfigBuilder, aligned: DataFrame) => (
        <TooltipPlugin2
          config={config}
          hoverMode={1}
          clientZoom
          render={(_u, dataIdxs, seriesIdx) => <Tooltip frame={aligned} dataIdxs={dataIdxs} seriesIdx={seriesIdx} />}
        />
      )}
    </TimeSeries>
  );
}

export function TimeSeriesPanel(props: PanelProps<Options>) {
  const frames = props.data.series.filter((frame) => frame.fields.some(({ type }) => type === FieldType.time));
  return frames.length === 0 ? (
    <Message>No data</Message>
  ) : (
    <Chart frames={frames} props={props} options={props.options} />
  );
}

/** One frame with a numeric x, ascending. */
export function TrendPanel(props: PanelProps<Options>) {
  const context = usePanelContext();
  const frame = useMemo(() => {
    const [first] = props.data.series;
    if (!first) {
      return undefined;
    }
    const isNumber = ({ type, config }: Field) => type === FieldType.number && config.custom?.hideFrom?.viz !== true;
    const x = first.fields.find((field) =>
      props.options.xField ? field.name === props.options.xField : isNumber(field),
    );
    return x ? { ...first, fields: [x, ...first.fields.filter((field) => field !== x && isNumber(field))] } : undefined;
  }, [props.data.series, props.options.xField]);
  if (props.data.series.length > 1) {
    return <Message>The Trend panel takes one frame</Message>;
  }
  if (!frame || frame.length === 0) {
    return <Message>No data</Message>;
  }
  // A numeric x must not answer to times: the shared cursor would be thrown off the chart.
  return (
    <PanelContextProvider value={{ ...context, sync: () => DashboardCursorSync.Off, eventBus: new EventBusSrv() }}>
      <Chart byNumber frames={[frame]} props={props} options={props.options} />
    </PanelContextProvider>
  );
}

/** Many frames with numeric x; drawn over one another like Trend. */
export function SparseChart(props: PanelProps<Options>) {
  const context = usePanelContext();
  const frames = props.data.series.map((frame) => ({
    ...frame,
    fields: frame.fields.filter(({ type }) => type === FieldType.number),
  }));
  return frames.length === 0 ? (
    <Message>No data</Message>
  ) : (
    <PanelContextProvider value={{ ...context, sync: () => DashboardCursorSync.Off, eventBus: new EventBusSrv() }}>
      <Chart byNumber frames={frames} props={props} options={props.options} />
    </PanelContextProvider>
  );
}
