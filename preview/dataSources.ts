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
  secureJsonData?: { httpHeaderValue1?: string; labelToken?: string };
}

/** The types of data sources that the preview can show: our own, and a stand-in for Prometheus. */
const TYPES = ['rolloscope-runs-datasource', 'prometheus'];

/**
 * Data sources that the preview can show, from Grafana's provisioning files in some folders, `$NAME` and `${NAME}` filled
 * from the environment.
 */
export async function readDataSources(
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProvisionedDataSource[]> {
  const defaults: NodeJS.ProcessEnv = { STORE_URL: 'http://127.0.0.1:8900' };
  const found: ProvisionedDataSource[] = [];
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((file) => join(folder, file))),
  );
  for (const file of files.flat().filter((one) => /\.ya?ml$/.test(one))) {
    const text = await readFile(file, 'utf8');
    const filled = text.replaceAll(
      /\$\{?([A-Z][A-Z0-9_]*)\}?/g,
      (_, name: string) => env[name] ?? defaults[name] ?? '',
    );
    const { datasources = [] } = parse(filled) as { datasources?: ProvisionedDataSource[] };
    found.push(...datasources.filter(({ type }) => TYPES.includes(type)));
  }
  return found;
}
