import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { evalRank } from '@rolloscope/contract/evals';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/datasource/migrate';
import { QUERY_VERSION, type StoreQuery } from '../../src/datasource/query';

/** The provisioned dashboards are files of Grafana 11.6, which 13.2 reads too. */
const folder = join(fileURLToPath(new URL('../..', import.meta.url)), 'provisioning', 'dashboards');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

/** Of Grafana 11.6: a file with a higher one is refused there; every later Grafana migrates from it. */
const SCHEMA_VERSION = 41;
/** Panels that are in Grafana 11.6 and in 13.2, and ours. */
const PANELS = new Set([
  'row',
  'text',
  'stat',
  'timeseries',
  'trend',
  'xychart',
  'table',
  'gauge',
  'barchart',
  'histogram',
  'heatmap',
  'state-timeline',
  'alertlist',
  'dashlist',
  'rolloscope-rollouts-panel',
  'rolloscope-metrics-panel',
]);
const SOURCES = new Set(['rolloscope-runs-datasource', 'prometheus', 'opentsdb', 'datasource', 'grafana']);

interface Panel {
  id: number;
  type: string;
  datasource?: { type: string; uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: Array<{ refId: string; version?: number; queryType?: string; datasource?: { type: string } }>;
  panels?: Panel[];
}
interface Dashboard {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: Array<{ name: string; type: string; query?: unknown; datasource?: { type: string } }> };
  annotations?: { list: Array<{ name: string; target?: { queryType?: string } }> };
  [key: string]: unknown;
}

describe.each(files)('%s', (file) => {
  const dashboard = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Dashboard;
  const panels = dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);

  it('names no eval by itself, but what stands for all of them: trainers call theirs by many names', () => {
    const evals = panels
      .flatMap(({ targets = [] }) => targets.flatMap((target) => (target as { metrics?: string[] }).metrics ?? []))
      .filter((metric) => evalRank(metric) !== undefined);
    expect(evals).toEqual([]);
  });

  it('is of a schema that Grafana 11.6 knows, and has no field of a newer one', () => {
    expect(dashboard.schemaVersion).toBeLessThanOrEqual(SCHEMA_VERSION);
    // Of the second version of the schema, which Grafana 11.6 does not read.
    for (const key of ['apiVersion', 'kind', 'spec', 'elements', 'layout', '__inputs', '__requires', 'id']) {
      expect(dashboard).not.toHaveProperty(key);
    }
    expect(dashboard.uid).toMatch(/^[\w-]{1,40}$/);
  });

  it('has panels that both know, each with its place and a data source variable', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { type, gridPos, datasource } of panels) {
      expect(PANELS).toContain(type);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect([...SOURCES, undefined]).toContain(datasource?.type);
      if (datasource?.type === 'rolloscope-runs-datasource') {
        expect(datasource.uid).toBe('$' + '{datasource}');
      }
    }
  });

  it('asks in the form that is saved today', () => {
    const targets = panels.flatMap(({ targets: some = [], datasource }) =>
      some.filter((target) => (target.datasource ?? datasource)?.type === 'rolloscope-runs-datasource'),
    );
    const queries = [...targets, ...(dashboard.annotations?.list ?? []).flatMap(({ target }) => target ?? [])].filter(
      ({ queryType }) => queryType !== undefined,
    ) as StoreQuery[];
    for (const query of queries) {
      expect(query.version).toBe(QUERY_VERSION);
      const { datasource: _, ...saved } = query;
      const { datasource: __, ...migrated } = migrate(query);
      expect(migrated).toEqual(saved);
    }
  });
});
