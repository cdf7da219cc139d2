import type {
  AnnotationQuery,
  DataFrameDTO,
  DataQuery,
  DataQueryRequest,
  DataSourceRef,
  DataTransformerConfig,
  FieldConfigSource,
} from '@grafana/data';
import { locationService } from '@grafana/runtime';
import {
  AdHocFiltersVariable,
  behaviors,
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  dataLayers,
  EmbeddedScene,
  QueryVariable,
  SceneControlsSpacer,
  SceneDataLayerControls,
  SceneDataLayerSet,
  type SceneDataQuery,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  type SceneObject,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  type SceneVariable,
  SceneVariableSet,
  TextBoxVariable,
  VariableValueSelectors,
  VizPanel,
  VizPanelMenu,
} from '@grafana/scenes';
import { dataSourceSrv } from './dataSources';
import { GRAFANA_REF, snapshotQuery } from './grafanaStandIn';
import { PanelWithStatus } from './PanelWithStatus';
import { RepeatPanels } from './RepeatPanels';

interface PanelJson {
  id: number;
  type: string;
  title?: string;
  description?: string;
  transparent?: boolean;
  collapsed?: boolean;
  panels?: PanelJson[];
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: DataSourceRef;
  targets?: SceneDataQuery[];
  /** The frames that a panel had in a snapshot before Grafana's scenes; since then they are a query of its own. */
  snapshotData?: DataFrameDTO[];
  options?: Record<string, unknown>;
  fieldConfig?: FieldConfigSource;
  transformations?: DataTransformerConfig[];
  maxDataPoints?: number;
  repeat?: string;
  maxPerRow?: number;
  repeatDirection?: 'h' | 'v';
}

/** A link in the dashboard's head: to one address, or to all dashboards that have its tags. */
export interface DashboardLinkJson {
  type: 'dashboards' | 'link';
  title: string;
  tags?: string[];
  url?: string;
  asDropdown?: boolean;
  includeVars?: boolean;
  keepTime?: boolean;
  targetBlank?: boolean;
}

interface VariableJson {
  name: string;
  type: string;
  label?: string;
  hide?: number;
  query?: string | SceneDataQuery;
  datasource?: DataSourceRef;
  current?: { value?: string | string[]; text?: string | string[] };
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  refresh?: number;
  regex?: string;
  sort?: number;
  /** `adhoc` */
  filters?: Array<{ key: string; operator: string; value: string }>;
}

export interface DashboardJson {
  uid: string;
  title: string;
  description?: string;
  tags?: string[];
  links?: DashboardLinkJson[];
  panels: PanelJson[];
  templating?: { list: VariableJson[] };
  annotations?: { list: AnnotationQuery[] };
  time?: { from: string; to: string };
  refresh?: string;
  graphTooltip?: number;
}

/** A variable in a snapshot. Grafana 12.4 knows it only where it shows it: `services.ts`. */
export class SnapshotVariable extends ConstantVariable {}

function variable(json: VariableJson): SceneVariable | undefined {
  const common = { name: json.name, ...(json.label && { label: json.label }), hide: json.hide ?? 0 };
  const value = { value: json.current?.value ?? '', text: json.current?.text ?? '' };
  const many = {
    isMulti: json.multi ?? false,
    includeAll: json.includeAll ?? false,
    ...(json.allValue && { allValue: json.allValue }),
  };
  switch (json.type) {
    case 'query':
      return new QueryVariable({
        ...common,
        ...value,
        ...many,
        datasource: json.datasource ?? null,
        query: json.query ?? '',
        refresh: json.refresh ?? 1,
        regex: json.regex ?? '',
        sort: json.sort ?? 0,
      });
    case 'datasource':
      return new DataSourceVariable({ ...common, ...value, pluginId: String(json.query ?? '') });
    case 'custom':
      return new CustomVariable({ ...common, ...value, ...many, query: String(json.query ?? '') });
    case 'textbox':
      return new TextBoxVariable({ ...common, value: String(json.current?.value ?? json.query ?? '') });
    case 'adhoc':
      return new AdHocFiltersVariable({
        ...common,
        datasource: json.datasource ?? null,
        filters: json.filters ?? [],
        supportsMultiValueOperators: true,
      });
    case 'constant':
      return new ConstantVariable({ ...common, value: String(json.query ?? '') });
    case 'snapshot':
      return new SnapshotVariable({ ...common, value: String(json.current?.value ?? '') });
    default:
      return undefined;
  }
}

function vizPanel(json: PanelJson, dashboard: DashboardJson): PanelWithStatus {
  const { snapshotData: frozen } = json;
  const queries = frozen?.length ? [snapshotQuery(frozen)] : (json.targets ?? []);
  const datasource = frozen?.length ? GRAFANA_REF : json.datasource;
  const runner =
    queries.length > 0
      ? new SceneQueryRunner({
          queries,
          ...(datasource && { datasource }),
          ...(json.maxDataPoints ? { maxDataPoints: json.maxDataPoints } : { maxDataPointsFromWidth: true }),
        })
      : undefined;
  const panel = new VizPanel({
    key: `panel-${json.id}`,
    title: json.title ?? '',
    ...(json.description && { description: json.description }),
    pluginId: json.type,
    options: json.options ?? {},
    fieldConfig: json.fieldConfig ?? { defaults: {}, overrides: [] },
    displayMode: json.transparent ? 'transparent' : 'default',
    hoverHeader: !json.title,
    ...(runner && { $data: new SceneDataTransformer({ $data: runner, transformations: json.transformations ?? [] }) }),
    menu: new VizPanelMenu({
      items: [
        { text: 'Edit', iconClassName: 'edit', href: `/edit/${dashboard.uid}/${json.id}` },
        { text: 'Explore', iconClassName: 'compass', onClick: () => void explore(json.targets ?? [], json.datasource) },
      ],
    }),
  });
  return new PanelWithStatus({ panel });
}

/** Queries leave a dashboard with their variables filled in, since Explore has none. */
async function explore(targets: SceneDataQuery[], ref: DataSourceRef | undefined): Promise<void> {
  const source = await dataSourceSrv.get(ref);
  const queries = source.interpolateVariablesInQueries?.(targets as DataQuery[], {}) ?? targets;
  locationService.push(`/explore/${source.uid}?${new URLSearchParams({ queries: JSON.stringify(queries) })}`);
}

const gridItem = (json: PanelJson, dashboard: DashboardJson) =>
  new SceneGridItem({
    key: `grid-${json.id}`,
    x: json.gridPos.x,
    y: json.gridPos.y,
    width: json.gridPos.w,
    height: json.gridPos.h,
    isDraggable: false,
    isResizable: false,
    body: json.repeat ? undefined : vizPanel(json, dashboard),
  });

/** Rows of the dashboard's JSON stand before their panels, or hold them when they are collapsed. */
function gridChildren(dashboard: DashboardJson): Array<SceneGridItem | SceneGridRow> {
  const children: Array<SceneGridItem | SceneGridRow> = [];
  let row: { json: PanelJson; items: SceneGridItem[] } | undefined;
  const close = () => {
    if (row) {
      const { json, items } = row;
      children.push(
        new SceneGridRow({
          key: `row-${json.id}`,
          title: json.title ?? '',
          y: json.gridPos.y,
          isCollapsed: json.collapsed ?? false,
          children: items,
        }),
      );
    }
    row = undefined;
  };
  for (const json of dashboard.panels) {
    if (json.type === 'row') {
      close();
      row = { json, items: (json.panels ?? []).map((panel) => gridItem(panel, dashboard)) };
    } else if (row) {
      row.items.push(gridItem(json, dashboard));
    } else {
      children.push(gridItem(json, dashboard));
    }
  }
  close();
  return children;
}

const repeats = (dashboard: DashboardJson) =>
  dashboard.panels
    .flatMap((panel) => [panel, ...(panel.panels ?? [])])
    .filter(({ type }) => type !== 'row')
    .flatMap((json) =>
      json.repeat
        ? new RepeatPanels({
            itemKey: `grid-${json.id}`,
            panel: vizPanel(json, dashboard),
            variable: json.repeat,
            maxPerRow: json.repeatDirection === 'v' ? 1 : (json.maxPerRow ?? 4),
          })
        : [],
    );

/** Tells data sources who asks, as Grafana's dashboards do: all copies of a repeated panel have its id. */
export class DashboardScene extends EmbeddedScene {
  public enrichDataRequest(runner: SceneObject): Partial<DataQueryRequest> {
    let panel: SceneObject | undefined = runner;
    while (panel && !(panel instanceof VizPanel)) {
      panel = panel.parent;
    }
    return panel instanceof VizPanel
      ? {
          app: 'dashboard',
          panelId: Number(panel.state.key?.replace('panel-', '')),
          panelName: panel.state.title,
          panelPluginId: panel.state.pluginId,
        }
      : { app: 'dashboard' };
  }
}

/** A dashboard of Grafana's classic JSON as a scene. */
export function dashboardScene(json: DashboardJson): DashboardScene {
  const { from = 'now-6h', to = 'now' } = json.time ?? {};
  const layers = (json.annotations?.list ?? [])
    .filter(({ datasource }) => datasource && datasource.uid !== '-- Grafana --')
    .map((query) => new dataLayers.AnnotationsDataLayer({ name: query.name, query, isEnabled: query.enable ?? true }));
  return new DashboardScene({
    $timeRange: new SceneTimeRange({ from, to }),
    $variables: new SceneVariableSet({
      variables: (json.templating?.list ?? []).flatMap((one) => variable(one) ?? []),
    }),
    $behaviors: [new behaviors.CursorSync({ sync: json.graphTooltip ?? 0 })],
    ...(layers.length > 0 && { $data: new SceneDataLayerSet({ name: 'Annotations', layers }) }),
    controls: [
      new VariableValueSelectors({}),
      ...(layers.length > 0 ? [new SceneDataLayerControls()] : []),
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ isOnCanvas: true, refresh: json.refresh ?? '', intervals: ['5s', '10s', '1m'] }),
    ],
    body: new SceneGridLayout({
      isDraggable: false,
      isResizable: false,
      isLazy: false,
      $behaviors: repeats(json),
      children: gridChildren(json),
    }),
  });
}
