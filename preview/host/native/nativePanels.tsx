import { FieldColorModeId, FieldConfigProperty, PanelPlugin } from '@grafana/data';
import { TimeSeriesPanel, TrendPanel, XyPanel } from './charts';
import { GrafanaTable } from './GrafanaTable';
import { StatPanel } from './StatPanel';
import { TablePanel } from './TablePanel';
import { TextPanel } from './TextPanel';

const drawn = {
  drawStyle: 'line',
  lineInterpolation: 'linear',
  lineWidth: 1,
  fillOpacity: 0,
  showPoints: 'auto',
  pointSize: 5,
  spanNulls: false,
  axisLabel: '',
  axisPlacement: 'auto',
  axisBorderShow: false,
  gradientMode: 'none',
  thresholdsStyle: { mode: 'off' },
  stacking: { mode: 'none', group: 'A' },
  hideFrom: { tooltip: false, viz: false, legend: false },
  scaleDistribution: { type: 'linear' },
};

function chart(component: typeof TrendPanel): PanelPlugin {
  const plugin = new PanelPlugin(component as never);
  plugin.useFieldConfig({
    standardOptions: { [FieldConfigProperty.Color]: { defaultValue: { mode: FieldColorModeId.PaletteClassic } } },
    useCustomConfig: (builder) => {
      for (const [path, defaultValue] of Object.entries({
        ...drawn,
        lineStyle: { fill: 'solid' },
        axisSoftMin: undefined,
        axisSoftMax: undefined,
      })) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          editor: () => null,
          override: () => null,
          process: (value: unknown) => value,
          shouldApply: () => true,
          defaultValue,
        } as never);
      }
    },
  });
  return plugin;
}

function plain(component: unknown): PanelPlugin {
  const plugin = new PanelPlugin(component as never);
  plugin.useFieldConfig({
    useCustomConfig: (builder) => {
      for (const path of ['width', 'align', 'cellOptions', 'hidden', 'filterable', 'inspect']) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          editor: () => null,
          override: () => null,
          process: (value: unknown) => value,
          shouldApply: () => true,
        } as never);
      }
    },
  });
  return plugin;
}

/** Stand-ins for Grafana's own panels, as far as our dashboards use them. */
export const nativePanels: Record<string, PanelPlugin> = {
  timeseries: chart(TimeSeriesPanel as typeof TrendPanel).setDataSupport({ annotations: true, alertStates: false }),
  trend: chart(TrendPanel),
  xychart: chart(XyPanel as typeof TrendPanel),
  stat: plain(StatPanel),
  table: plain(TablePanel),
  'grafana-table': plain(GrafanaTable),
  text: plain(TextPanel),
};
