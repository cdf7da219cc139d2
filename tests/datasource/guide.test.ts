import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { QUERY_TYPES } from '../../src/datasource/query';

/** The guide to the data source, and the provisioning files that it shows. */
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const guide = readFileSync(join(docs, 'data-source.md'), 'utf8');
const folder = join(docs, 'provisioning');

interface Source {
  type: string;
  uid: string;
  access: string;
  url: string;
  jsonData: Record<string, unknown>;
  secureJsonData: Record<string, string>;
}

it('links to files that exist, and to pictures that are small enough to read over a slow line', () => {
  const links = [...guide.matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map((match) => match[1] ?? '');
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(docs, link)))).toEqual([]);
  const large = links.filter((link) => link.endsWith('.png') && statSync(join(docs, link)).size > 300_000);
  expect(large).toEqual([]);
});

it('has a part and a picture for each query type', () => {
  for (const type of QUERY_TYPES) {
    expect(guide).toMatch(new RegExp(`^### .*\\(\`${type}\`\\)`, 'm'));
    expect(guide).toContain(`](img/query-${type}.png)`);
  }
});

describe.each(readdirSync(folder))('%s', (file) => {
  const { apiVersion, datasources } = parse(readFileSync(join(folder, file), 'utf8')) as {
    apiVersion: number;
    datasources: Source[];
  };

  it('is what Grafana provisions, and keeps every secret where Grafana encrypts it', () => {
    expect(apiVersion).toBe(1);
    for (const { type, access, url, uid, jsonData, secureJsonData } of datasources) {
      expect([type, access]).toEqual(['rolloscope-runs-datasource', 'proxy']);
      expect(() => new URL(url)).not.toThrow();
      expect(uid).toMatch(/^[\w-]{1,40}$/);
      // Each header has its value, and no secret is written out: it comes from the environment or from a file.
      const numbers = (all: object, name: string) =>
        Object.keys(all).flatMap((key) => (key.startsWith(name) ? [key.slice(name.length)] : []));
      expect(numbers(jsonData, 'httpHeaderName')).toEqual(numbers(secureJsonData, 'httpHeaderValue'));
      expect(Object.values(secureJsonData).filter((value) => !value.includes('$'))).toEqual([]);
      expect(Boolean(jsonData.tlsAuthWithCACert)).toBe('tlsCACert' in secureJsonData);
      expect(Boolean(jsonData.tlsAuth)).toBe('tlsClientCert' in secureJsonData && 'tlsClientKey' in secureJsonData);
    }
  });

  it('is linked to by the guide', () => {
    expect(guide).toContain(`](provisioning/${file})`);
  });
});
