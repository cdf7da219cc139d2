/** Says what somebody should know of an address before it is saved; undefined for one that may well be right. */
export function urlAdvice(text: string): string | undefined {
  const url = text.trim();
  if (url === '') {
    return undefined;
  }
  if (!/^https?:\/\//i.test(url)) {
    return `Begin the URL with http:// or https://, such as http://${url.replace(/^(\w+:\/\/|\/+)/, '') || 'store:8900'}.`;
  }
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return 'This is not a URL: write one such as http://store:8900.';
  }
  const path = parsed.pathname.replace(/\/+$/, '');
  if (/\/api\/v1$/.test(path)) {
    return `Leave out ${path}: the data source adds it. The URL is ${parsed.origin}${path.slice(0, -'/api/v1'.length)}.`;
  }
  if (/\/(metrics|opentsdb)$/.test(path)) {
    const what = path.endsWith('metrics') ? 'Prometheus scrapes' : 'an OpenTSDB data source reads';
    return `${path} is what ${what}. The URL of this data source is ${parsed.origin}.`;
  }
  if (/^\/(d|dashboards|explore|connections|a|api\/datasources)(\/|$)/.test(path) || parsed.port === '3000') {
    return `This looks like an address of Grafana itself. The store's own is wanted, such as http://store:8900.`;
  }
  if (path !== '') {
    return `A store answers at the root of its address. Keep ${path} only if a proxy leads it there.`;
  }
  if (parsed.search !== '' || parsed.username !== '') {
    return 'A token goes into the field below, not into the URL.';
  }
  return parsed.protocol === 'https:' && parsed.port === '8900'
    ? 'The store speaks http by itself; https is for one behind a proxy that has a certificate.'
    : undefined;
}
