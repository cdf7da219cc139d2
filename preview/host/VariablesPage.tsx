import type { DataQuery, DataSourceApi, QueryEditorProps } from '@grafana/data';
import { QueryVariable, type SceneDataQuery, sceneGraph, UrlSyncContextProvider } from '@grafana/scenes';
import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { setActiveScene } from './activeScene';
import { type DashboardJson, dashboardScene } from './dashboard';
import { dataSourceSrv } from './dataSources';

type Editor = ComponentType<QueryEditorProps<DataSourceApi, DataQuery>>;

/** The variables of a dashboard above their queries, as Grafana's settings have them. */
export function VariablesPage({ dashboard }: { dashboard: DashboardJson }) {
  const scene = useMemo(() => {
    const created = dashboardScene({ ...dashboard, panels: [] });
    setActiveScene(created);
    return created;
  }, [dashboard]);
  const { variables } = sceneGraph.getVariables(scene).useState();
  const [source, setSource] = useState<DataSourceApi>();
  useEffect(() => void dataSourceSrv.get('rolloscope').then(setSource), []);
  const editor = (source?.variables as { editor?: Editor } | undefined)?.editor;
  return (
    <main style={{ padding: 16, display: 'flex', flexDirection: 'column' }}>
      <UrlSyncContextProvider scene={scene} updateUrlOnInit={false} createBrowserHistorySteps={true}>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
      {source &&
        editor &&
        variables.map(
          (variable) =>
            variable instanceof QueryVariable && (
              <One key={variable.state.name} variable={variable} source={source} editor={editor} />
            ),
        )}
    </main>
  );
}

function One({ variable, source, editor: Edit }: { variable: QueryVariable; source: DataSourceApi; editor: Editor }) {
  const { name, query } = variable.useState();
  return (
    <div style={{ marginBottom: 16 }} data-testid={`variable ${name}`}>
      <h5>{name}</h5>
      <Edit
        datasource={source}
        query={query as unknown as DataQuery}
        onChange={(next) => {
          variable.setState({ query: next as SceneDataQuery });
          variable.validateAndUpdate().subscribe();
        }}
        onRunQuery={() => {}}
      />
    </div>
  );
}
