import {
  DashboardCursorSync,
  type DataFrame,
  EventBusSrv,
  type Field,
  FieldType,
  getFieldDisplayName,
  type LinkModel,
  outerJoinDataFrames,
  type PanelProps,
} from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import {
  DataLinkButton,
  EventBusPlugin,
  PanelContextProvider,
  TimeSeries,
  TooltipDisplayMode,
  TooltipPlugin2,
  type UPlotConfigBuilder,
  usePanelContext,
} from '@grafana/ui';
import { useMemo } from 'react';
import { AnnotationLines } from './AnnotationLines';
import { Nothing } from './Nothing';

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

/** The values under the cursor: each series with its value, and the links of the nearest. */
function Tooltip({
  frame,
  dataIdxs,
  seriesIdx,
}: {
  frame: DataFrame;
  dataIdxs: (number | null)[];
  seriesIdx: number | null;
}) {
  const x = frame.fields[0];
  const index = dataIdxs.find((one) => typeof one === 'number');
  const shown = frame.fields.flatMap((field, i) => {
    const row = i > 0 ? dataIdxs[i] : undefined;
    return typeof row === 'number' && field.values[row] !== null ? [{ field, row, isNearest: i === seriesIdx }] : [];
  });
  const nearest = shown.find(({ isNearest }) => isNearest) ?? shown[0];
  const links = nearest?.field.getLinks?.({ valueRowIndex: nearest.row }) ?? [];
  if (!x || typeof index !== 'number') {
    return null;
  }
  return (
    <div style={{ padding: 8 }}>
      <div>
        {x.config.displayName ?? x.name}: {x.display?.(x.values[index]).text ?? String(x.values[index])}
      </div>
      {shown.map(({ field, row, isNearest }) => {
        const name = getFieldDisplayName(field, frame);
        const { text, suffix = '', color } = field.display?.(field.values[row]) ?? { text: String(field.values[row]) };
        return (
          <div key={name} style={{ fontWeight: isNearest ? 600 : 400 }}>
            <span style={{ color }}>━</span> {name}: {text}
            {suffix}
          </div>
        );
      })}
      {links.map((link: LinkModel<Field>) => (
        <DataLinkButton key={link.href} link={link} />
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
  // The same objects while the options are the same: others make a chart begin anew, tooltip and all.
  const given = JSON.stringify(options);
  const { legend, drawn } = useMemo(() => {
    const parsed = JSON.parse(given) as Options;
    const whole = { ...hiddenLegend, ...parsed.legend };
    const tooltip = { mode: TooltipDisplayMode.Multi, sort: 'none' };
    return { legend: whole, drawn: { ...parsed, legend: whole, tooltip } };
  }, [given]);
  const { eventBus, eventsScope, sync } = usePanelContext();
  const isSynced = sync !== undefined && sync() !== DashboardCursorSync.Off;
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
      options={drawn as never}
    >
      {(config: UPlotConfigBuilder, aligned: DataFrame) => (
        <>
          {isSynced && <EventBusPlugin config={config} eventBus={eventBus} frame={aligned} />}
          {!byNumber && <AnnotationLines config={config} frames={props.data.annotations ?? []} />}
          <TooltipPlugin2
            config={config}
            hoverMode={1}
            syncMode={isSynced ? sync() : DashboardCursorSync.Off}
            syncScope={eventsScope}
            {...(byNumber ? { clientZoom: true } : { queryZoom: props.onChangeTimeRange })}
            render={(_u, dataIdxs, seriesIdx) => <Tooltip frame={aligned} dataIdxs={dataIdxs} seriesIdx={seriesIdx} />}
          />
        </>
      )}
    </TimeSeries>
  );
}

export function TimeSeriesPanel(props: PanelProps<Options>) {
  const frames = props.data.series.filter((frame) => frame.fields.some(({ type }) => type === FieldType.time));
  return frames.length === 0 ? <Nothing {...props} /> : <Chart frames={frames} props={props} options={props.options} />;
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
    return x && first.fields.some((field) => field !== x && isNumber(field))
      ? { ...first, fields: [x, ...first.fields.filter((field) => field !== x && isNumber(field))] }
      : undefined;
  }, [props.data.series, props.options.xField]);
  if (props.data.series.length > 1) {
    return <Nothing {...props} why="The Trend panel takes one frame" />;
  }
  const { xField } = props.options;
  if (xField && !props.data.series[0]?.fields.some(({ name }) => name === xField)) {
    return <Nothing {...props} why={`Unable to find field: ${xField}`} />;
  }
  if (!frame) {
    return <Nothing {...props} />;
  }
  // A numeric x must not answer to times: the shared cursor would be thrown off the chart.
  return (
    <PanelContextProvider value={{ ...context, sync: () => DashboardCursorSync.Off, eventBus: new EventBusSrv() }}>
      <Chart byNumber frames={[frame]} props={props} options={props.options} />
    </PanelContextProvider>
  );
}

/** Many frames, each with a numeric x of its own, joined by it. */
export function XyPanel(props: PanelProps<Options>) {
  const context = usePanelContext();
  const joined = useMemo(() => {
    const frames = props.data.series.map((frame) => ({
      ...frame,
      fields: frame.fields.filter(({ type }) => type === FieldType.number),
    }));
    const joinBy = (field: Field, frame: DataFrame) => field === frame.fields[0];
    return outerJoinDataFrames({ frames, joinBy, keepDisplayNames: true });
  }, [props.data.series]);
  return joined === undefined ? (
    <Nothing {...props} />
  ) : (
    <PanelContextProvider value={{ ...context, sync: () => DashboardCursorSync.Off, eventBus: new EventBusSrv() }}>
      <Chart byNumber frames={[joined]} props={props} options={props.options} />
    </PanelContextProvider>
  );
}
