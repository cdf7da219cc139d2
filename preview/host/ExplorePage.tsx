import {
  CoreApp,
  type DataFrame,
  type DataQuery,
  type DataSourceApi,
  LoadingState,
  type PanelData,
  type QueryEditorProps,
} from '@grafana/data';
import { locationService } from '@grafana/runtime';
import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneDataNode,
  type SceneDataQuery,
  SceneFlexItem,
  SceneFlexLayout,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  UrlSyncContextProvider,
  VizPanel,
} from '@grafana/scenes';
import { Button } from '@grafana/ui';
import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { dataSourceSrv } from './dataSources';
import { PanelWithStatus } from './PanelWithStatus';

type Editor = ComponentType<QueryEditorProps<DataSourceApi, DataQuery>>;
type Help = ComponentType<{ datasource: DataSourceApi; onClickExample(query: DataQuery): void; query: DataQuery }>;

/** Stand-ins have none. */
const NoEditor = () => null;
const EMPTY = { state: LoadingState.Done, series: [] } as unknown as PanelData;

function savedQueries(): SceneDataQuery[] {
  try {
    return JSON.parse(new URLSearchParams(window.location.search).get('queries') ?? '[]') as SceneDataQuery[];
  } catch {
    return [];
  }
}

/** Returns the panel in which Explore shows a frame: the one that it asks for, a graph of times, or a table. */
function panelOf({ meta, fields }: DataFrame): string {
  const isOfTime = fields.some(({ type }) => type === 'time') && fields.some(({ type }) => type === 'number');
  const isGraph = meta?.preferredVisualisationType === 'graph' || (!meta?.preferredVisualisationType && isOfTime);
  return meta?.preferredVisualisationPluginId ?? (isGraph ? 'timeseries' : 'table');
}

/** Queries without a dashboard, as Grafana's Explore has them: a panel gets frames, state and time range, nothing more. */
export function ExplorePage({ uid }: { uid: string }) {
  const [queries, setQueries] = useState(savedQueries);
  const [source, setSource] = useState<{ api: DataSourceApi; editor: Editor; help?: Help }>();
  useEffect(() => {
    void dataSourceSrv.get(uid).then((api) => {
      const help = api.components?.QueryEditorHelp as Help | undefined;
      setSource({ api, editor: (api.components?.QueryEditor ?? NoEditor) as Editor, ...(help && { help }) });
      setQueries((given) =>
        given.length > 0
          ? given
          : [{ refId: 'A', ...(api.getDefaultQuery?.(CoreApp.Explore) ?? {}) } as SceneDataQuery],
      );
    });
  }, [uid]);
  const { scene, runner, layout } = useMemo(() => {
    const runs = new SceneQueryRunner({ queries: savedQueries(), datasource: { uid }, maxDataPoints: 1_000 });
    const items = new SceneFlexLayout({ direction: 'column', children: [] });
    const created = new EmbeddedScene({
      $timeRange: new SceneTimeRange({ from: 'now-6h', to: 'now' }),
      $data: runs,
      controls: [
        new SceneControlsSpacer(),
        new SceneTimePicker({ isOnCanvas: true }),
        new SceneRefreshPicker({ isOnCanvas: true, refresh: '', intervals: ['5s', '10s', '1m'] }),
      ],
      body: items,
    });
    return { scene: created, runner: runs, layout: items };
  }, [uid]);
  const [data, setData] = useState<PanelData>(EMPTY);
  useEffect(() => {
    const subscription = runner.subscribeToState((state) => {
      const answer = state.data ?? EMPTY;
      setData(answer);
      showFrames(layout, answer);
    });
    return () => subscription.unsubscribe();
  }, [runner, layout]);
  const run = (next = queries) => {
    locationService.partial({ queries: JSON.stringify(next) }, true);
    runner.setState({ queries: next });
    runner.runQueries();
  };
  const change = (index: number, query: DataQuery) =>
    setQueries((given) => given.map((one, i) => (i === index ? (query as SceneDataQuery) : one)));
  return (
    <main style={{ padding: 16, display: 'flex', flexDirection: 'column', gap: 8 }} data-testid="explore">
      {source &&
        queries.map((query, i) => (
          <div key={query.refId}>
            <source.editor
              app={CoreApp.Explore}
              datasource={source.api}
              query={query as DataQuery}
              queries={queries as DataQuery[]}
              data={data}
              onChange={(next) => change(i, next)}
              onRunQuery={() => run()}
            />
          </div>
        ))}
      <div>
        <Button onClick={() => run()}>Run query</Button>
      </div>
      {data.errors?.map(({ message, refId }) => (
        <div role="alert" key={refId}>
          {message}
        </div>
      ))}
      <UrlSyncContextProvider scene={scene} updateUrlOnInit={false} createBrowserHistorySteps={true}>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
      {source?.help && data.series.length === 0 && (
        <source.help
          datasource={source.api}
          query={queries[0] as DataQuery}
          onClickExample={(query) => {
            const next = [{ ...query, refId: 'A' } as SceneDataQuery];
            setQueries(next);
            run(next);
          }}
        />
      )}
    </main>
  );
}

/** One panel for all frames of a kind; it stays while its kind is there, so that new data is no new panel. */
function showFrames(layout: SceneFlexLayout, { series, state, timeRange, structureRev }: PanelData): void {
  const kinds = [...new Set(series.map(panelOf))];
  const shown = new Map(layout.state.children.map((child) => [child.state.key ?? '', child]));
  const children = kinds.map((kind) => {
    const data = {
      state,
      timeRange,
      series: series.filter((frame) => panelOf(frame) === kind),
      ...(structureRev !== undefined && { structureRev }),
    };
    const known = shown.get(kind);
    const node = known instanceof SceneFlexItem ? known.state.body?.state.$data : undefined;
    if (known && node instanceof SceneDataNode) {
      node.setState({ data });
      return known;
    }
    const $data = new SceneDataNode({ data });
    const panel = new VizPanel({
      key: `explore-${kind}`,
      pluginId: kind,
      title: '',
      options: {},
      fieldConfig: { defaults: {}, overrides: [] },
    });
    return new SceneFlexItem({ key: kind, minHeight: 400, $data, body: new PanelWithStatus({ panel, $data }) });
  });
  layout.setState({ children });
}
