import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createApp } from '../app';
import { stderrLog } from '../http/Log';
import { Tokens } from '../http/Tokens';
import { requestBackup } from './backupSocket';
import { parseOptions } from './parseOptions';
import { print } from './say';
import { UsageError } from './UsageError';

/** Copies a data folder: through the store that runs on it, else by opening it. */
export async function backupCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions('backup', args, ['data'], { environment: { data: 'STORE_DATA' } });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new UsageError('backup takes one folder to copy into.', 'backup');
  }
  const data = values.data ?? 'data';
  const folder = resolve(target);
  if (!existsSync(data)) {
    throw new UsageError(`There is no data in ${resolve(data)}; say where with --data.`, 'backup');
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${folder} is not empty; a backup goes into a folder of its own.`, 'backup');
  }
  if (!(await requestBackup(data, folder))) {
    const app = await createApp({ data, tokens: new Tokens(), log: stderrLog });
    try {
      await app.backup(folder);
    } finally {
      await app.close();
    }
  }
  print(`Backed up ${resolve(data)} to ${folder}`);
  return 0;
}
