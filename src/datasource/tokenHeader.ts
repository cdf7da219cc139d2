import type { DataSourceSettings } from '@grafana/data';

type Settings = DataSourceSettings<Record<string, unknown>, Record<string, string>>;

const NAME = 'httpHeaderName';

/** The number of the custom header that carries the token: the one that is there, else the first that is free. */
export function tokenHeader(jsonData: object): number {
  const names = new Map(Object.entries(jsonData).filter(([key]) => key.startsWith(NAME)));
  for (let n = 1; ; n++) {
    const name: unknown = names.get(`${NAME}${n}`);
    if (name === undefined || name === '' || (typeof name === 'string' && name.toLowerCase() === 'authorization')) {
      return n;
    }
  }
}

/** The token in what somebody pasted: a whole header, a line of a shell, with quotes or spaces around it. */
export const pastedToken = (text: string) =>
  text
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/^(authorization\s*:\s*)?bearer(\s+|$)/i, '')
    .trim();

/** Settings with the store's token as an `Authorization` header, which Grafana's server keeps and sends; '' for none. */
export function withToken<T extends DataSourceSettings<object, object>>(settings: T, pasted: string): T {
  const token = pastedToken(pasted);
  const { jsonData, secureJsonData, secureJsonFields } = settings as unknown as Settings;
  const n = tokenHeader(jsonData);
  const { [`${NAME}${n}`]: _, ...others } = jsonData;
  const secret = `httpHeaderValue${n}`;
  return {
    ...settings,
    jsonData: token === '' ? others : { ...jsonData, [`${NAME}${n}`]: 'Authorization' },
    secureJsonFields: { ...secureJsonFields, [secret]: false },
    secureJsonData: { ...secureJsonData, [secret]: token === '' ? '' : `Bearer ${token}` },
  };
}

/** Says what the page knows of the token: that Grafana keeps one, or what was typed and is not saved yet. */
export function tokenState(settings: DataSourceSettings<object, object>) {
  const { jsonData, secureJsonData, secureJsonFields } = settings as unknown as Settings;
  const n = tokenHeader(jsonData);
  const secret = `httpHeaderValue${n}`;
  return {
    isNamed: jsonData[`${NAME}${n}`] !== undefined,
    isKept: secureJsonFields?.[secret] === true,
    typed: (secureJsonData?.[secret] ?? '').replace(/^Bearer /, ''),
  };
}
