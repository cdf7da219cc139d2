import type { DataSourceSettings } from '@grafana/data';
import { pastedToken } from '../tokenHeader';

type Settings = DataSourceSettings<Record<string, unknown>, Record<string, string>>;

/**
 * Settings with a token to label with; '' for none. `plugin.json` says where Grafana's server sends it, and for whom;
 * browsers learn from `labels` alone that there is one.
 */
export function withLabelToken<T extends DataSourceSettings<object, object>>(settings: T, pasted: string): T {
  const token = pastedToken(pasted);
  const { jsonData, secureJsonData, secureJsonFields } = settings as unknown as Settings;
  const { labels: _, ...others } = jsonData;
  return {
    ...settings,
    jsonData: token === '' ? others : { ...others, labels: true },
    secureJsonFields: { ...secureJsonFields, labelToken: false },
    secureJsonData: { ...secureJsonData, labelToken: token },
  };
}

/** Says what the page knows of the token: that Grafana keeps one, or what was typed and is not saved yet. */
export function labelTokenState(settings: DataSourceSettings<object, object>) {
  const { secureJsonData, secureJsonFields } = settings as unknown as Settings;
  return { isKept: secureJsonFields?.labelToken === true, typed: secureJsonData?.labelToken ?? '' };
}
