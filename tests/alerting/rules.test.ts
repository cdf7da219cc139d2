import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN_GAUGES } from '@rolloscope/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ruleFiles } from '../../.config/alertRules';
import { promtool } from './tools';

const provisioning = fileURLToPath(new URL('../../provisioning/', import.meta.url));
const rulesFile = join(provisioning, 'prometheus/rules.yaml');
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface PrometheusRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
const { groups } = parse(readFileSync(rulesFile, 'utf8')) as { groups: Array<{ rules: PrometheusRule[] }> };
const rules = groups.flatMap((group) => group.rules);

it('the files are those that the definition gives', () => {
  for (const [path, content] of Object.entries(ruleFiles())) {
    expect(readFileSync(join(provisioning, path), 'utf8'), `${path}: npm run rules`).toBe(content);
  }
});

it('promtool finds nothing wrong with the rules', () => {
  const { ok, output } = promtool(['check', 'rules', '--lint=all', rulesFile]);
  expect(output).toMatch(/SUCCESS: \d+ rules found/);
  expect(ok).toBe(true);
});

describe('promtool test rules', () => {
  const HOSTILE = 'a "b"\\c/ü';
  const quoted = (text: string) => JSON.stringify(text);
  /** Two runs, of which one is fine; a run on two hosts has two lines of info. */
  function series(gauge: string, values: string, isEval: boolean) {
    const of = (run: string) =>
      `project="p",run=${quoted(run)}${isEval ? ',metric="eval/accuracy/mean",task="all"' : ''}`;
    const line = (name: string, given: string, run = HOSTILE) => ({ series: `${name}{${of(run)}}`, values: given });
    const info = (run: string, host: string) => ({
      series: `rolloscope_run_info{project="p",run=${quoted(run)},run_name="my run",owner="ann",host="${host}"}`,
      values: '1x60',
    });
    return [
      info(HOSTILE, 'n1'),
      info(HOSTILE, 'n2'),
      info('fine', 'n1'),
      line(gauge, values),
      line(gauge, '0x60', 'fine'),
      line('rolloscope_eval_last', '0.41x60'),
      line('rolloscope_eval_standard_error', '0.0351x60'),
      line('rolloscope_eval_step', '65x60'),
      line('rolloscope_eval_reference', '0.6x60'),
      line('rolloscope_eval_reference_step', '55x60'),
      line('rolloscope_eval_timestamp_seconds', '1700000000x60'),
      line('rolloscope_run_last_step', '70x60'),
      line('rolloscope_run_last_seen_timestamp_seconds', '1700000100x60'),
    ];
  }

  /** Runs promtool on one scenario. `expected`: labels of the alerts that fire at a time. */
  function check(alert: string, input: object[], expected: Array<[at: string, alerts: object[]]>) {
    const file = join(folder, 'scenario.yaml');
    const scenario = {
      rule_files: [rulesFile],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          external_labels: { grafana: 'http://grafana' },
          input_series: input,
          alert_rule_test: expected.map(([eval_time, exp_alerts]) => ({ eval_time, alertname: alert, exp_alerts })),
        },
      ],
    };
    writeFileSync(file, stringify(scenario, { lineWidth: 0 }));
    return promtool(['test', 'rules', file]);
  }

  const flags = rules.flatMap(({ alert, expr, for: held, annotations, labels }) => {
    const gauge = /rolloscope_(eval|run)_\w+/.exec(expr)?.[0];
    return gauge && Object.hasOwn(RUN_GAUGES, gauge) ? [{ alert, gauge, held, annotations, labels }] : [];
  });

  it('covers every rule about runs', () => {
    expect(flags.map(({ alert }) => alert)).toEqual(groups[0]?.rules.map(({ alert }) => alert));
  });

  it.each(flags)('$alert fires for the run whose flag is up, and ends after it', ({ alert, gauge, held, labels }) => {
    const isEval = gauge.startsWith('rolloscope_eval');
    const minutes = held.endsWith('m') ? Number.parseInt(held, 10) : 0;
    const up = 5;
    const down = up + minutes + 10;
    const input = series(gauge, `0x${up - 1} 1x${down - up - 1} 0x30`, isEval);
    // promtool prints what fires when it is not what was expected: so the texts are looked at as well.
    const shown = check(alert, input, [[`${down - 1}m`, []]]);
    expect(shown.ok).toBe(false);
    expect(shown.output).toContain(`severity=\\"${labels.severity}\\"`.replaceAll('\\"', '"'));
    expect(shown.output).toContain('owner="ann"');
    expect(shown.output).toContain('run_name="my run"');
    expect(shown.output).not.toContain('run="fine"');
    expect(shown.output).toMatch(
      /http:\/\/grafana\/d\/rolloscope-[\w-]+\/[\w-]+\?var-project=p&var-run=a\+%22b%22%5Cc%2F%C3%BC&/,
    );
    expect(shown.output).toMatch(
      isEval ? /var-step=65&var-reference=55&from=1699996400000&to=1700003600000/ : /var-step=70&from=1699996500000/,
    );

    const quiet: Array<[string, object[]]> = [
      [`${up - 1}m`, []],
      [`${down + 10}m`, []],
    ];
    const held_ = minutes > 0 ? [[`${up + minutes - 1}m`, []] as [string, object[]]] : [];
    const calm = check(alert, input, [...quiet, ...held_]);
    expect(calm.output).toContain('SUCCESS');
    expect(check(alert, series(gauge, '0x60', isEval), [['30m', []]]).ok).toBe(true);
  });

  it('the regression tells the values with their errors, the step and the owner', () => {
    const input = series('rolloscope_eval_regressed', '1x60', true);
    const { output } = check('RolloscopeEvalRegressed', input, [['5m', []]]);
    expect(output).toContain('my run: all fell to 0.41 ± 0.0351 at step 65');
    // What is not known is a dash, and the rest is told all the same.
    expect(output).toContain('0.6 ± – at step 55');
    expect(output).toContain('Owner: ann.');
  });

  it.each([
    ['RolloscopeStoreDown', 'up{job="rolloscope"}', '1x9 0x20 1x30', '20m', '8m'],
    ['RolloscopeStoreDiskLow', 'rolloscope_store_disk_free_bytes', '1e12x9 1e9x20 1e12x30', '20m', '40m'],
    ['RolloscopeSeriesDropped', 'rolloscope_exposition_dropped_series', '0x9 5x20 0x30', '25m', '40m'],
  ])('%s fires and ends', (alert, name, values, firing, quiet) => {
    const input = [{ series: name, values }];
    expect(check(alert, input, [[firing, []]]).ok).toBe(false);
    expect(check(alert, input, [[quiet, []]]).output).toContain('SUCCESS');
  });
});

describe.each(['prometheus', 'opentsdb'])('Grafana’s rules on %s', (source) => {
  interface Query {
    refId: string;
    datasourceUid: string;
    relativeTimeRange?: { from: number; to: number };
    model: Record<string, unknown>;
  }
  interface GrafanaRule {
    uid: string;
    title: string;
    condition: string;
    data: Query[];
    noDataState: string;
    execErrState: string;
    for: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  }
  const file = parse(readFileSync(join(provisioning, `alerting/${source}/rules.yaml`), 'utf8')) as {
    apiVersion: number;
    groups: Array<{ orgId: number; name: string; folder: string; interval: string; rules: GrafanaRule[] }>;
  };
  const grafana = file.groups.flatMap((group) => group.rules);

  it('have the provisioning format', () => {
    expect(file.apiVersion).toBe(1);
    expect(file.groups.map(({ orgId, folder, interval }) => [orgId, folder, interval])).toEqual([
      [1, 'Rolloscope', '1m'],
    ]);
    expect(new Set(grafana.map(({ uid }) => uid)).size).toBe(grafana.length);
    for (const rule of grafana) {
      expect(rule.uid).toMatch(/^[\w-]{1,40}$/);
      expect(rule.noDataState).toBe('OK');
      expect(['OK', 'Error', 'Alerting', 'KeepLast']).toContain(rule.execErrState);
      expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
      for (const { refId, datasourceUid, relativeTimeRange, model } of rule.data) {
        expect(model.refId).toBe(refId);
        expect(relativeTimeRange !== undefined).toBe(datasourceUid !== '__expr__');
      }
    }
  });

  it('ask for gauges that there are, and use values that they have', () => {
    for (const { data, annotations } of grafana) {
      const asked = data.flatMap(({ datasourceUid, model }) =>
        datasourceUid === '__expr__' ? [] : [String(model.metric ?? /rolloscope_\w+/.exec(String(model.expr))?.[0])],
      );
      expect(asked.filter((name) => !Object.hasOwn(RUN_GAUGES, name))).toEqual([]);
      const reduced = data.filter(({ datasourceUid }) => datasourceUid === '__expr__').map(({ refId }) => refId);
      const used = Object.values(annotations).flatMap((text) =>
        [...text.matchAll(/\$values\.(\w+)\./g)].map(([, name]) => name),
      );
      expect(used.length).toBeGreaterThan(3);
      expect(used.filter((name) => !reduced.includes(name ?? ''))).toEqual([]);
    }
  });

  it('say the same as those of Prometheus', () => {
    const plain = (text = '') => text.replace(/\{\{.*?\}\}/g, '').replace(/–/g, '');
    expect(grafana.map((rule) => [rule.for, rule.labels, plain(rule.annotations.description)])).toEqual(
      groups[0]?.rules.map((rule) => [rule.for, rule.labels, plain(rule.annotations.description)]),
    );
  });
});
