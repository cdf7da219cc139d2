import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface ProvisionedDataSource {
  name: string;
  type: string;
  uid: string;
  url: string;
  isDefault?: boolean;
  jsonData?: { httpHeaderName1?: string } & Record<string, unknown>;
  secureJsonData?: { httpHeaderValue1?: string };
}

/** What the preview can show: our data source, and a stand-in for Prometheus. */
const TYPES = ['rolloscope-runs-datasource', 'prometheus'];

/** Data sources that the preview can show, from Grafana's provisioning files, `$NAME` and `${NAME}` filled from the environment. */
export async function readDataSources(folder: string, env: NodeJS.ProcessEnv): Promise<ProvisionedDataSource[]> {
  const defaults: NodeJS.ProcessEnv = { STORE_URL: 'http://127.0.0.1:8900' };
  const files = (await readdir(folder)).filter((file) => /\.ya?ml$/.test(file));
  const found: ProvisionedDataSource[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    const filled = text.replaceAll(
      /\$\{?([A-Z][A-Z0-9_]*)\}?/g,
      (_, name: string) => env[name] ?? defaults[name] ?? '',
    );
    const { datasources } = parse(filled) as { datasources: ProvisionedDataSource[] };
    found.push(...datasources.filter(({ type }) => TYPES.includes(type)));
  }
  return found;
}
