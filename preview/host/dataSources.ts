import {
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type DataSourceRef,
  type PluginMeta,
  PluginType,
} from '@grafana/data';
import type { DataSourceSrv } from '@grafana/runtime';
import { sceneGraph } from '@grafana/scenes';
import { activeScene } from './activeScene';
import { GRAFANA_REF } from './grafanaStandIn';
import { builtIn, importDataSource } from './plugins';

interface PreviewDataSource {
  uid: string;
  name: string;
  type: string;
  url: string;
  storeUrl: string;
  isDefault?: boolean;
  jsonData?: Record<string, unknown>;
  /** The secrets that it has, by name. */
  secureJsonFields?: Record<string, boolean>;
}

/** Every Grafana has it, provisioned or not. */
const GRAFANA: PreviewDataSource = { ...GRAFANA_REF, name: '-- Grafana --', url: '', storeUrl: '' };

const instances = new Map<string, Promise<DataSourceApi>>();
let settings: DataSourceInstanceSettings[] = [];
let provisioned: PreviewDataSource[] = [];

export async function loadDataSources(): Promise<void> {
  provisioned = (await (await fetch('/preview/datasources')).json()) as PreviewDataSource[];
  settings = await Promise.all(
    [...provisioned, GRAFANA].map(async (one, i) => {
      const meta: PluginMeta =
        builtIn[one.type]?.meta ??
        ((await (await fetch(`/public/plugins/${one.type}/plugin.json`)).json()) as PluginMeta);
      return {
        id: i + 1,
        uid: one.uid,
        name: one.name,
        type: one.type,
        // One that leads nowhere is not asked.
        url: one.storeUrl ? one.url : '',
        isDefault: one.isDefault ?? false,
        jsonData: one.jsonData ?? {},
        access: 'proxy' as const,
        readOnly: false,
        meta: { ...meta, type: PluginType.datasource, module: '', baseUrl: '' } as DataSourceInstanceSettings['meta'],
      };
    }),
  );
}

export const provisionedDataSource = (uid: string) => provisioned.find((one) => one.uid === uid);

function find(ref?: DataSourceRef | string | null): DataSourceInstanceSettings | undefined {
  const raw = typeof ref === 'string' ? ref : (ref?.uid ?? undefined);
  const scene = activeScene();
  const wanted = raw?.includes('$') && scene ? sceneGraph.interpolate(scene, raw) : raw;
  if (wanted === undefined || wanted === 'default') {
    return settings.find(({ isDefault }) => isDefault) ?? settings[0];
  }
  return settings.find(({ uid, name }) => uid === wanted || name === wanted);
}

export const dataSourceSrv: DataSourceSrv = {
  async get(ref) {
    const found = find(ref);
    if (!found) {
      const name = typeof ref === 'string' ? ref : ref?.uid;
      throw new Error(
        `Data source ${name} was not found. The preview knows ${settings.map(({ name: one }) => one).join(', ')}.`,
      );
    }
    let instance = instances.get(found.uid);
    if (!instance) {
      instance = importDataSource(found.type).then(({ plugin, meta }) => {
        const api = new plugin.DataSourceClass(found);
        api.components = plugin.components;
        api.meta = { ...found.meta, ...meta } as typeof api.meta;
        return api;
      });
      instances.set(found.uid, instance);
    }
    return instance;
  },
  getList: (filters) => settings.filter(({ type }) => !filters?.pluginId || filters.pluginId === type),
  getInstanceSettings: (ref) => find(ref),
  async reload() {
    instances.clear();
    await loadDataSources();
  },
  registerRuntimeDataSource() {},
};
