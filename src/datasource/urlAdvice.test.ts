import { expect, it } from 'vitest';
import { urlAdvice } from './urlAdvice';

it.each(['', 'http://store:8900', 'http://store:8900/', 'https://runs.example.com', ' http://127.0.0.1:8900 '])(
  'has nothing to say of %j',
  (url) => expect(urlAdvice(url)).toBeUndefined(),
);

it.each([
  ['store:8900', 'http://store:8900'],
  ['http://store:8900/api/v1', 'The URL is http://store:8900.'],
  ['http://gate/store/api/v1/', 'The URL is http://gate/store.'],
  ['http://store:8900/opentsdb', 'OpenTSDB data source'],
  ['http://store:8900/metrics', 'Prometheus'],
  ['http://grafana.example.com/d/abc/runs', 'Grafana itself'],
  ['http://localhost:3000', 'Grafana itself'],
  ['http://gate/store', 'only if a proxy'],
  ['http://me:secret@store:8900', 'field below'],
  ['https://store:8900', 'speaks http'],
  ['http://', 'not a URL'],
])('says of %s what to change', (url, advice) => expect(urlAdvice(url)).toContain(advice));
