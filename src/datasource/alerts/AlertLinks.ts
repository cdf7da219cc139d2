import type { DataLink } from '@grafana/data';
import { config, getDataSourceSrv, hasPermission } from '@grafana/runtime';
import type { AlertOffer } from '@rolloscope/contract/frames';
import { type DashboardAddress, rolloutsAddress } from '../stepLink';
import { type MetricReading, type RuleSource, ruleFormAddress } from './ruleForm';

const FOLLOWED = 'Alert on this';
/** The offer of what must be there first, at the place where Grafana adds it; the store speaks OpenTSDB by itself. */
export const NEEDS_SOURCE: AlertOffer = {
  title: 'Add a data source for alerts',
  about: 'Grafana’s rules ask a Prometheus or OpenTSDB data source on this store',
  url: '/connections/datasources/opentsdb',
};
const IN_NEED = 'Alert on this: needs a Prometheus or OpenTSDB data source on this store';

/** Says whether the user may make alert rules, and Grafana evaluates them. */
export const mayAlert = (): boolean => config.unifiedAlertingEnabled && hasPermission('alert.rules:create');

/**
 * The data source that Grafana's alerting can ask about runs: one that says so by its name, else OpenTSDB before
 * Prometheus, which may be any other.
 */
export function ruleSource(): RuleSource | undefined {
  const all = (['opentsdb', 'prometheus'] as const).flatMap((type) =>
    getDataSourceSrv()
      .getList({ pluginId: type })
      .map(({ uid, name, isDefault }) => ({ type, uid, name, isDefault })),
  );
  const ours = all.find(({ name, uid }) => /rolloscope|run store/i.test(`${name} ${uid}`));
  const found = ours ?? all.find(({ isDefault }) => isDefault) ?? all[0];
  return found && { type: found.type, uid: found.uid };
}

/** Returns the address for somebody who wants to be told of a reading; `place` is where the reading was seen. */
export function alertAddress(reading: MetricReading, place: DashboardAddress): string {
  const source = ruleSource();
  const back = new URL(rolloutsAddress({ ...place, variables: [] }, reading.run, ''), window.location.origin);
  return source ? ruleFormAddress(reading, source, back.href) : NEEDS_SOURCE.url;
}

function linkNamed(title: string, place: () => DashboardAddress): DataLink {
  return {
    title,
    url: '',
    onBuildUrl: ({ replaceVariables }) => {
      const filled = (text: string) => {
        const value = replaceVariables?.(text) ?? text;
        return value === text ? '' : value;
      };
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      const reading: MetricReading = {
        run: filled('${__field.labels.run}'),
        project: filled('${__field.labels.project}'),
        metric: filled('${__field.labels.metric}'),
        value: Number(filled('${__value.numeric}')),
      };
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      return alertAddress(reading, place());
    },
  };
}

/** Grafana compares links, and draws a chart anew, tooltip and all, where they differ: one of each for an instance. */
export class AlertLinks {
  private readonly followed: DataLink;
  private readonly inNeed: DataLink;

  constructor(place: () => DashboardAddress) {
    this.followed = linkNamed(FOLLOWED, place);
    this.inNeed = linkNamed(IN_NEED, place);
  }

  /**
   * The link of a point to the form of a rule about its metric; where no data source can be asked, it says so. None for
   * users who may not make rules.
   */
  get link(): DataLink | undefined {
    return mayAlert() ? (ruleSource() ? this.followed : this.inNeed) : undefined;
  }
}
