import type { DataLink } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { type AlertSource, type Reading, ruleFormAddress } from './ruleForm';
import { type Place, rolloutsAddress } from './stepLink';

const FOLLOWED = 'Alert on this';
const IN_NEED = 'Alert on this: needs a Prometheus or OpenTSDB data source on this store';
/** Where Grafana adds one; the store speaks OpenTSDB by itself. */
const ADD_SOURCE = '/connections/datasources/opentsdb';

/**
 * The data source that Grafana's alerting can ask about runs: one that says so by its name, else OpenTSDB before
 * Prometheus, which may be any other.
 */
export function alertSource(): AlertSource | undefined {
  const all = (['opentsdb', 'prometheus'] as const).flatMap((type) =>
    getDataSourceSrv()
      .getList({ pluginId: type })
      .map(({ uid, name, isDefault }) => ({ type, uid, name, isDefault })),
  );
  const ours = all.find(({ name, uid }) => /rolloscope|run store/i.test(`${name} ${uid}`));
  const found = ours ?? all.find(({ isDefault }) => isDefault) ?? all[0];
  return found && { type: found.type, uid: found.uid };
}

function linkNamed(title: string, place: () => Place): DataLink {
  return {
    title,
    url: '',
    onBuildUrl: ({ replaceVariables }) => {
      const filled = (text: string) => {
        const value = replaceVariables?.(text) ?? text;
        return value === text ? '' : value;
      };
      const source = alertSource();
      // biome-ignore-start lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      const reading: Reading = {
        run: filled('${__field.labels.run}'),
        project: filled('${__field.labels.project}'),
        metric: filled('${__field.labels.metric}'),
        value: Number(filled('${__value.numeric}')),
      };
      // biome-ignore-end lint/suspicious/noTemplateCurlyInString: Grafana fills these in
      const back = new URL(rolloutsAddress({ ...place(), variables: [] }, reading.run, ''), window.location.origin);
      return source ? ruleFormAddress(reading, source, back.href) : ADD_SOURCE;
    },
  };
}

/** Grafana compares links, and draws a chart anew, tooltip and all, where they differ: one of each for an instance. */
export class AlertLinks {
  private readonly followed: DataLink;
  private readonly inNeed: DataLink;

  constructor(place: () => Place) {
    this.followed = linkNamed(FOLLOWED, place);
    this.inNeed = linkNamed(IN_NEED, place);
  }

  /** The link of a point to the form of a rule about its metric; where no data source can be asked, it says so. */
  get link(): DataLink {
    return alertSource() ? this.followed : this.inNeed;
  }
}
