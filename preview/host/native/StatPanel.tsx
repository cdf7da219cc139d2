import {
  type DisplayValueAlignmentFactors,
  type FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type ReduceDataOptions,
  VizOrientation,
} from '@grafana/data';
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  useTheme2,
  VizRepeater,
  type VizRepeaterRenderValueProps,
} from '@grafana/ui';

interface Options {
  reduceOptions?: ReduceDataOptions;
  colorMode?: BigValueColorMode;
  textMode?: string;
  wideLayout?: boolean;
  justifyMode?: BigValueJustifyMode;
  text?: { titleSize?: number; valueSize?: number };
  orientation?: VizOrientation;
}

/** Big values, one a field or row. */
export function StatPanel(props: PanelProps<Options>) {
  const { data, options, fieldConfig, replaceVariables, width, height, timeZone, renderCounter } = props;
  const theme = useTheme2();
  const getValues = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions ?? { calcs: ['lastNotNull'], values: false },
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });
  const renderValue = (shown: VizRepeaterRenderValueProps<FieldDisplay, DisplayValueAlignmentFactors>) => (
    <BigValue
      value={options.textMode === 'value' ? { ...shown.value.display, title: '' } : shown.value.display}
      width={shown.width}
      height={shown.height}
      theme={theme}
      alignmentFactors={shown.alignmentFactors}
      count={shown.count}
      colorMode={options.colorMode ?? BigValueColorMode.Value}
      graphMode={BigValueGraphMode.None}
      justifyMode={options.justifyMode ?? BigValueJustifyMode.Auto}
      disableWideLayout={options.wideLayout === false}
      {...(options.text && { text: options.text })}
    />
  );
  return (
    <VizRepeater
      getValues={getValues}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={renderValue}
      width={width}
      height={height}
      source={data}
      itemSpacing={3}
      renderCounter={renderCounter}
      autoGrid
      orientation={options.orientation ?? VizOrientation.Auto}
    />
  );
}
