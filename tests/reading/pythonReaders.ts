import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackage } from '../clients/installPackage';
import { runToSuccess } from '../processes/startProcess';

const clients = fileURLToPath(new URL('clients', import.meta.url));

/** The newest readers that the tests run; raise them when new ones are out. */
export const READERS = { pandas: '3.1.1', besides: ['pyarrow==26.0.1', 'duckdb==2.0.1', 'requests==2.34.2'] } as const;

/** The Python that has what people read an export with. */
export const installReaders = () => installPackage('pandas', READERS.pandas, READERS.besides);

/** Runs a script of `clients/`; gives what it printed, as JSON. */
export async function readWith(
  python: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
) {
  const options = { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } };
  const said = await runToSuccess(python, [join(clients, script), ...args], options);
  return JSON.parse(said.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
}
