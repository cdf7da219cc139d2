import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ALERTED } from '@rolloscope/contract';
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

/** Runs promtool on one test of its own form, with our rules. */
function testRules(test: object) {
  const file = join(folder, 'scenario.yaml');
  const scenario = { rule_files: [rulesFile], evaluation_interval: '1m', tests: [test] };
  writeFileSync(file, stringify(scenario, { lineWidth: 0 }));
  return promtool(['test', 'rules', file]);
}

describe('promtool test rules', () => {
  const HOSTILE = 'a "b"\\c/ü';
  const quoted = (text: string) => JSON.stringify(text);
  /** A store with one open alert, and one of another kind. `up`: whether it can be scraped. */
  function series(alert: string, values: string, up = '1x200') {
    const at = 'job="rolloscope",instance="store:8900"';
    const of = `project="p",run=${quoted(HOSTILE)},run_name="my run",owner="ann",step="65",link="d/x?var-run=a"`;
    const line = (labels: string, given: string) => ({ series: `rolloscope_alert{${at},${labels}}`, values: given });
    return [
      { series: `up{${at}}`, values: up },
      line(`alert="${alert}",${of},title="loss fell to 0.41 ± 0.0351",text="Worse by 0.19."`, values),
      line(`alert="another",${of},title="not meant"`, '1x200'),
      ...KINDS.map((kind) => line(`alert="${kind}"`, '0x200')),
    ];
  }

  /** Runs promtool on one scenario. `expected`: labels of the alerts that fire at a time. */
  function check(alert: string, input: object[], expected: Array<[at: string, alerts: object[]]>) {
    return testRules({
      interval: '1m',
      external_labels: { grafana: 'http://grafana' },
      input_series: input,
      alert_rule_test: expected.map(([eval_time, exp_alerts]) => ({ eval_time, alertname: alert, exp_alerts })),
    });
  }

  const KINDS = rules.flatMap(({ expr }) => /rolloscope_alert\{alert="(\w+)"\}/.exec(expr)?.[1] ?? []);
  const ofRuns = rules.flatMap((rule) => {
    const kind = /rolloscope_alert\{alert="(\w+)"\}/.exec(rule.expr)?.[1];
    return kind ? [{ ...rule, kind, minutes: rule.for.endsWith('m') ? Number.parseInt(rule.for, 10) : 0 }] : [];
  });

  it('covers everything that a run can be alerted for', () => {
    expect(ofRuns.map(({ kind }) => kind).sort()).toEqual([...ALERTED].sort());
  });

  it.each(ofRuns)('$alert fires while it is open, and ends after it', ({ alert, kind, minutes, labels }) => {
    const up = 5;
    const down = up + minutes + 10;
    const input = series(kind, `_x${up} 1x${down - up - 1} stale _x30`);
    // promtool prints what fires when it is not what was expected: so the texts are looked at as well.
    const shown = check(alert, input, [[`${down - 1}m`, []]]);
    expect(shown.ok).toBe(false);
    expect(shown.output).toContain(`severity="${labels.severity}"`);
    expect(shown.output).toContain('my run: loss fell to 0.41 ± 0.0351, at step 65');
    expect(shown.output).toContain('Worse by 0.19. Owner: ann.');
    expect(shown.output).toContain('http://grafana/d/x?var-run=a');
    expect(shown.output).not.toContain('not meant');
    const quiet: Array<[string, object[]]> = [
      [`${up - 1}m`, []],
      [`${down + 5}m`, []],
      ...(minutes > 0 ? [[`${up + minutes - 1}m`, []] as [string, object[]]] : []),
    ];
    expect(check(alert, input, quiet).output).toContain('SUCCESS');
    expect(check(alert, series(kind, '_x60'), [['30m', []]]).ok).toBe(true);
  });

  it('an alert stands while its store is away, and one that had ended does not come back', () => {
    // Away from the 20th minute on: nothing of it can be read, and Prometheus knows that it is down.
    const open = series('regression', '_x5 1x14 stale _x100', '1x19 0x80');
    expect(check('RolloscopeEvalRegressed', open, [['90m', []]]).output).toContain('my run');
    const ended = series('regression', '_x5 1x4 stale _x100', '1x19 0x80');
    expect(check('RolloscopeEvalRegressed', ended, [['60m', []]]).output).toContain('SUCCESS');
    // Neither Prometheus nor the store: after an hour of nothing at all.
    const gap = series('regression', '_x5 1x14 _x60', '1x19 _x60 0x60');
    expect(check('RolloscopeEvalRegressed', gap, [['81m', []]]).output).toContain('my run');
  });

  it('what a label does not have is left out of the texts', () => {
    const bare = 'rolloscope_alert{alert="crashed",project="p",run="r",run_name="r",title="fell silent",link="d/x"}';
    const { output } = check('RolloscopeRunCrashed', [{ series: bare, values: '1x9' }], [['5m', []]]);
    expect(output).toContain('r: fell silent');
    expect(output).not.toMatch(/step|Owner|no value|<nil>/);
  });

  it('a store that is away is named, the other one beside it not, and no target at all is told, too', () => {
    const down = (input: object[], at: string, instances: string[]) => {
      const alerts = instances.map((instance) => ({
        exp_labels: { severity: 'critical', ...(instance && { job: 'rolloscope', instance }) },
        exp_annotations: {
          summary: `The run store${instance && ` ${instance}`} does not answer`,
          description:
            'Trainers keep what they log and send it again; alerts about its runs stand as they were meanwhile.',
        },
      }));
      return check('RolloscopeStoreDown', input, [[at, alerts]]).output;
    };
    const away = [...twoStores(), { series: 'up{job="node",instance="b"}', values: '0x100' }];
    expect(down(away, '10m', [])).toContain('SUCCESS');
    expect(down(away, '40m', ['b'])).toContain('SUCCESS');
    expect(down([{ series: 'up{job="node",instance="b"}', values: '1x100' }], '40m', [''])).toContain('SUCCESS');
  });

  it.each([
    ['RolloscopeStoreDiskLow', 'rolloscope_store_disk_free_bytes', '1e12x9 1e9x20 1e12x30', '20m', '40m'],
    ['RolloscopeSeriesDropped', 'rolloscope_exposition_dropped_series', '0x9 5x20 0x30', '25m', '40m'],
  ])('%s fires and ends', (alert, name, values, firing, quiet) => {
    const input = [{ series: name, values }];
    expect(check(alert, input, [[firing, []]]).ok).toBe(false);
    expect(check(alert, input, [[quiet, []]]).output).toContain('SUCCESS');
  });
});

/** Two stores, each with an alert of a kind; b goes away in the 20th minute. */
function twoStores(alert = 'regression') {
  const of = (instance: string, isAway: boolean) => {
    const until = (value: number, after = '') => (isAway ? `${value}x19 ${after}` : `${value}x100`);
    const at = `job="rolloscope",instance="${instance}",alert="${alert}"`;
    return [
      { series: `up{job="rolloscope",instance="${instance}"}`, values: until(1, '0x80') },
      { series: `rolloscope_alert{${at}}`, values: until(0, 'stale') },
      { series: `rolloscope_alert{${at},run="of ${instance}"}`, values: until(1, 'stale') },
    ];
  };
  return [...of('a', false), ...of('b', true)];
}

describe.each(['prometheus/grafana/rules.yaml', 'alerting/rolloscope.yaml'])('Grafana’s rules in %s', (path) => {
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
    keepFiringFor?: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
  }
  const file = parse(readFileSync(join(provisioning, path), 'utf8')) as {
    apiVersion: number;
    groups: Array<{ orgId: number; name: string; folder: string; interval: string; rules: GrafanaRule[] }>;
  };
  const all = file.groups.flatMap((group) => group.rules);
  const ofRuns = all.filter(({ uid }) => !uid.endsWith('store-unreachable'));

  it('have the provisioning format', () => {
    expect(file.apiVersion).toBe(1);
    expect(file.groups.map(({ orgId, folder, interval }) => [orgId, folder, interval])).toEqual([
      [1, 'Rolloscope', '1m'],
    ]);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    for (const rule of all) {
      expect(rule.uid).toMatch(/^[\w-]{1,40}$/);
      expect(rule.data.map(({ refId }) => refId)).toContain(rule.condition);
      for (const { refId, datasourceUid, relativeTimeRange, model } of rule.data) {
        expect(model.refId).toBe(refId);
        expect(relativeTimeRange !== undefined).toBe(datasourceUid !== '__expr__');
      }
    }
  });

  it('stand on one query each, and keep what they said while it has no answer', () => {
    for (const rule of ofRuns) {
      expect(rule.data.filter(({ datasourceUid }) => datasourceUid !== '__expr__')).toHaveLength(1);
      expect([rule.noDataState, rule.execErrState, rule.keepFiringFor]).toEqual(['KeepLast', 'KeepLast', '3m']);
      // No text takes a value that may be missing.
      expect(Object.values(rule.annotations).join()).not.toContain('$values');
    }
  });

  it('have one of their own for a store that does not answer', () => {
    const [rule, ...others] = all.filter((one) => !ofRuns.includes(one));
    expect(others).toEqual([]);
    // Over all alerts: one series, whatever runs have alerts open, and so one message.
    const { expr, aggregator, tags } = rule?.data[0]?.model ?? {};
    expect(expr ? {} : { aggregator, tags }).toEqual(expr ? {} : { aggregator: 'max', tags: {} });
    // It says which: the target of a Prometheus that has several, or the data source.
    expect(rule?.annotations.summary).toContain(expr ? '{{ with $labels.instance }}' : 'rolloscope-opentsdb');
    expect(rule).toMatchObject({ noDataState: 'Alerting', execErrState: 'Alerting', labels: { severity: 'critical' } });
  });

  it('say the same as those of Prometheus', () => {
    const texts = ({ summary, description }: Record<string, string>) => [summary, description];
    expect(ofRuns.map((rule) => [rule.for, rule.labels, texts(rule.annotations)])).toEqual(
      groups[0]?.rules.map((rule) => [rule.for, rule.labels, texts(rule.annotations)]),
    );
  });
});

it('Grafana’s rules on Prometheus lose no alert of a store that is away while another one answers', () => {
  const text = readFileSync(join(provisioning, 'prometheus/grafana/rules.yaml'), 'utf8');
  const file = parse(text) as {
    groups: Array<{ rules: Array<{ uid: string; data: Array<{ model: { expr: string } }> }> }>;
  };
  const asked = file.groups.flatMap((group) =>
    group.rules.map(({ uid, data }) => ({ uid, expr: data[0]?.model.expr })),
  );
  for (const { uid, expr = '' } of asked) {
    const alert = /alert="(\w+)"/.exec(expr)?.[1];
    const of = (labels: string, value: number) => ({ labels: `{${labels}}`, value });
    const open = (run: string) => of(`alert="${alert}",run="of ${run}"`, 1);
    const answers = (instance: string, value: number) => of(`job="rolloscope",instance="${instance}"`, value);
    const all = [of(`alert="${alert}"`, 0), open('a'), open('b')];
    const { output } = testRules({
      interval: '1m',
      input_series: twoStores(alert),
      promql_expr_test: [
        { expr, eval_time: '10m', exp_samples: alert ? all : [answers('a', 1), answers('b', 1)] },
        { expr, eval_time: '60m', exp_samples: alert ? all : [answers('a', 1), answers('b', 0)] },
        { expr, eval_time: '90m', exp_samples: alert ? all : [answers('a', 1), answers('b', 0)] },
      ],
    });
    expect(output, uid).toContain('SUCCESS');
  }
});

describe('what is copied into a Grafana', () => {
  /** Every file that Grafana would load from a kind of provisioning: of alerting none in a folder below. */
  const loaded = (kind: string) => readdirSync(join(provisioning, kind)).filter((name) => /\.(ya?ml|json)$/.test(name));

  it('has rules that need nothing but the store, in the folder itself', () => {
    expect(loaded('alerting')).toEqual(['rolloscope.yaml']);
    const text = readFileSync(join(provisioning, 'alerting/rolloscope.yaml'), 'utf8');
    expect(Object.keys(parse(text))).toEqual(['apiVersion', 'groups']);
    const { datasources } = parse(readFileSync(join(provisioning, 'datasources/rolloscope.yaml'), 'utf8')) as {
      datasources: Array<{ uid: string; name: string; isDefault?: boolean }>;
    };
    const sources = datasources.map(({ uid }) => uid);
    for (const [, uid] of text.matchAll(/datasourceUid: (?!__expr__)(\S+)/g)) {
      expect(sources).toContain(uid);
    }
  });

  it('replaces nothing of the user’s: no policies, no contact points, no default, nothing of another’s name', () => {
    expect(loaded('datasources')).toEqual(['rolloscope.yaml']);
    const { datasources } = parse(readFileSync(join(provisioning, 'datasources/rolloscope.yaml'), 'utf8')) as {
      datasources: Array<{ uid: string; name: string; isDefault?: boolean }>;
    };
    for (const { uid, name, isDefault } of datasources) {
      expect(uid).toMatch(/^rolloscope/);
      expect(name).toMatch(/^Rolloscope/);
      expect(isDefault).toBeUndefined();
    }
  });

  it.each(['alerting/notifications.yaml.example', 'prometheus/alertmanager.example.yaml'])(
    'groups messages by severity in %s: what is critical waits for no warning',
    (path) => {
      const example = parse(readFileSync(join(provisioning, path), 'utf8')) as {
        policies?: Array<{ group_by: string[]; routes: Array<{ group_interval?: string }> }>;
        route?: { group_by: string[]; routes: Array<{ group_interval?: string }> };
      };
      const route = example.route ?? example.policies?.[0];
      expect(route?.group_by).toContain('severity');
      expect(route?.routes.map((one) => one.group_interval)).toContain('1m');
    },
  );
});
