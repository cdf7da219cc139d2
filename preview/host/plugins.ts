import * as emotionCss from '@emotion/css';
import * as grafanaData from '@grafana/data';
import { type AppPlugin, type DataSourcePlugin, type PanelPlugin, PluginType } from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import lodash from 'lodash';
import * as react from 'react';
import * as reactDom from 'react-dom';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';
import { grafanaStandIn } from './grafanaStandIn';
import { nativePanels } from './native/nativePanels';
import { PanelError } from './PanelError';
import { PluginPage } from './PluginPage';
import { prometheusStandIn } from './prometheusStandIn';

/** The modules that Grafana shares, under the names that bundles ask for. */
const shared: Record<string, object> = {
  react: { ...react, default: react },
  'react-dom': { ...reactDom, default: reactDom },
  rxjs,
  'rxjs/operators': rxjsOperators,
  lodash: { ...lodash, default: lodash, __useDefault: true },
  '@emotion/css': emotionCss,
  '@grafana/data': grafanaData,
  // Their setters are not public, so the stand-ins take the components' places.
  '@grafana/runtime': { ...grafanaRuntime, PanelDataErrorView: PanelError, PluginPage },
  '@grafana/ui': grafanaUi,
};

const toUrl = (name: string) => new URL(`/shared/${name}.js`, window.location.origin).href;
for (const [name, module] of Object.entries(shared)) {
  System.set(toUrl(name), module);
}
const { resolve } = System;
System.resolve = (id: string, parent?: string) => (id in shared ? toUrl(id) : resolve.call(System, id, parent));

const folders: Record<string, string> = {
  'rolloscope-runs-app': 'rolloscope-runs-app',
  'rolloscope-runs-datasource': 'rolloscope-runs-datasource',
  'rolloscope-rollouts-panel': 'rolloscope-rollouts-panel',
  'rolloscope-metrics-panel': 'rolloscope-metrics-panel',
};

async function load<T>(id: string): Promise<{ plugin: T; meta: grafanaData.PluginMeta }> {
  const base = `/public/plugins/${folders[id]}`;
  const [module, meta] = await Promise.all([
    System.import(`${window.location.origin}${base}/module.js`) as Promise<{ plugin: T }>,
    fetch(`${base}/plugin.json`).then((answer) => answer.json() as Promise<grafanaData.PluginMeta>),
  ]);
  const logo = `${base}/${meta.info.logos.small}`;
  return {
    plugin: module.plugin,
    meta: { ...meta, module: base, baseUrl: base, info: { ...meta.info, logos: { small: logo, large: logo } } },
  };
}

export async function importApp(id: string): Promise<AppPlugin> {
  const { plugin, meta } = await load<AppPlugin>(id);
  plugin.meta = meta as AppPlugin['meta'];
  return plugin;
}

const panels = new Map<string, PanelPlugin>();

export function cachedPanel(id: string): PanelPlugin | undefined {
  return panels.get(id);
}

/** One of our built panels, or a stand-in for a native one. */
export async function importPanel(id: string): Promise<PanelPlugin> {
  const known = panels.get(id);
  if (known) {
    return known;
  }
  let panel: PanelPlugin | undefined = nativePanels[id];
  if (id in folders) {
    const { plugin, meta } = await load<PanelPlugin>(id);
    plugin.meta = { ...meta, sort: 0, hideFromList: false, skipDataQuery: false } as PanelPlugin['meta'];
    panel = plugin;
  } else if (panel) {
    const info = { logos: { small: '', large: '' } };
    panel.meta = { id, name: id, type: PluginType.panel, info, module: '', baseUrl: '' } as PanelPlugin['meta'];
  } else {
    throw new Error(`The preview has no panel ${id}.`);
  }
  panels.set(id, panel);
  return panel;
}

const standIn = (id: string, name: string, plugin: DataSourcePlugin<grafanaData.DataSourceApi>) => ({
  plugin,
  meta: {
    id,
    name,
    type: PluginType.datasource,
    info: { logos: { small: '', large: '' } },
    module: '',
    baseUrl: '',
  } as unknown as grafanaData.PluginMeta,
});

/** Grafana has them built in; here stand-ins take their place. */
export const builtIn: Readonly<Record<string, ReturnType<typeof standIn>>> = {
  prometheus: standIn('prometheus', 'Prometheus', prometheusStandIn),
  grafana: standIn('grafana', '-- Grafana --', grafanaStandIn),
};

export async function importDataSource(
  id: string,
): Promise<{ plugin: DataSourcePlugin<grafanaData.DataSourceApi>; meta: grafanaData.PluginMeta }> {
  return builtIn[id] ?? load(id);
}
