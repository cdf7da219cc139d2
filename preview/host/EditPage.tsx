import {
  CoreApp,
  type DataQuery,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  type QueryEditorProps,
} from '@grafana/data';
import {
  type SceneDataQuery,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneQueryRunner,
  UrlSyncContextProvider,
  type VizPanel,
} from '@grafana/scenes';
import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { setActiveScene } from './activeScene';
import { type DashboardJson, type DashboardScene, dashboardScene } from './dashboard';
import { dataSourceSrv } from './dataSources';
import { PanelOptions } from './PanelOptions';
import { PanelWithStatus } from './PanelWithStatus';

type Editor = ComponentType<QueryEditorProps<DataSourceApi, DataQuery>>;

const EMPTY = { state: LoadingState.Done, series: [] } as unknown as PanelData;

/** One panel of a dashboard above its queries, as Grafana's panel editor has them. */
export function EditPage({ dashboard, panelId }: { dashboard: DashboardJson; panelId: number }) {
  const scene = useMemo(() => {
    const panels = dashboard.panels
      .flatMap((panel) => [panel, ...(panel.panels ?? [])])
      .filter(({ id }) => id === panelId);
    const created = dashboardScene({
      ...dashboard,
      panels: panels.map(({ repeat: _, ...panel }) => ({ ...panel, gridPos: { x: 0, y: 0, w: 24, h: 12 } })),
    });
    setActiveScene(created);
    return created;
  }, [dashboard, panelId]);
  const panel = findPanel(scene);
  const runner = findRunner(panel);
  const [queries, setQueries] = useState<SceneDataQuery[]>(runner?.state.queries ?? []);
  const [source, setSource] = useState<{ api: DataSourceApi; editor: Editor }>();
  useEffect(() => {
    const own = runner?.state.datasource;
    // A variable stands for the store.
    void dataSourceSrv
      .get(own?.uid && !own.uid.startsWith('$') ? own : 'rolloscope')
      .then((api) => setSource({ api, editor: api.components?.QueryEditor as Editor }));
  }, [runner]);
  const change = (index: number, query: DataQuery) => {
    const next = queries.map((one, i) => (i === index ? query : one));
    setQueries(next);
    runner?.setState({ queries: next });
  };
  return (
    <main style={{ padding: 16, display: 'flex', flexDirection: 'column' }}>
      <UrlSyncContextProvider scene={scene} updateUrlOnInit={false} createBrowserHistorySteps={true}>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
      <section style={{ padding: 16 }} data-testid="query-editors">
        {source &&
          queries.map((query, i) => (
            <div key={query.refId} style={{ marginBottom: 16 }}>
              <h5>{query.refId}</h5>
              <source.editor
                app={CoreApp.PanelEditor}
                datasource={source.api}
                query={query as DataQuery}
                queries={queries as DataQuery[]}
                data={runner?.state.data ?? EMPTY}
                onChange={(next) => change(i, next)}
                onRunQuery={() => runner?.runQueries()}
              />
            </div>
          ))}
      </section>
      {panel && <PanelOptions panel={panel} />}
    </main>
  );
}

function findPanel(scene: DashboardScene): VizPanel | undefined {
  const layout = scene.state.body;
  const [item] = layout instanceof SceneGridLayout ? layout.state.children : [];
  const body = item instanceof SceneGridItem ? item.state.body : undefined;
  return body instanceof PanelWithStatus ? body.state.panel : undefined;
}

function findRunner(panel: VizPanel | undefined): SceneQueryRunner | undefined {
  const transformer = panel?.state.$data;
  const runner = transformer instanceof SceneDataTransformer ? transformer.state.$data : undefined;
  return runner instanceof SceneQueryRunner ? runner : undefined;
}
