import {
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  type PanelProps,
  type ReduceDataOptions,
} from '@grafana/data';
import { BigValue, BigValueColorMode, BigValueGraphMode, BigValueJustifyMode, useTheme2 } from '@grafana/ui';

interface Options {
  reduceOptions?: ReduceDataOptions;
  colorMode?: BigValueColorMode;
  textMode?: string;
}

export function StatPanel({
  data,
  options,
  fieldConfig,
  replaceVariables,
  width,
  height,
  timeZone,
}: PanelProps<Options>) {
  const theme = useTheme2();
  const values = getFieldDisplayValues({
    fieldConfig,
    reduceOptions: options.reduceOptions ?? { calcs: ['lastNotNull'], values: false },
    replaceVariables,
    theme,
    data: data.series,
    timeZone,
  });
  const alignmentFactors = getDisplayValueAlignmentFactors(values);
  const each = Math.max(1, Math.floor(width / Math.max(1, values.length)));
  return (
    <div style={{ display: 'flex' }}>
      {values.map(({ display }, i) => (
        <BigValue
          key={`${display.title}${i}`}
          value={options.textMode === 'value' ? { ...display, title: '' } : display}
          width={each}
          height={height}
          theme={theme}
          alignmentFactors={alignmentFactors}
          colorMode={options.colorMode ?? BigValueColorMode.Value}
          graphMode={BigValueGraphMode.None}
          justifyMode={BigValueJustifyMode.Auto}
        />
      ))}
    </div>
  );
}
