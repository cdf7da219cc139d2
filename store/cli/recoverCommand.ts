import { existsSync, readdirSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openEngine, recoverFolder } from '../engine/openEngine';
import { checkMedia } from '../media/checkMedia';
import { MEDIA_FOLDER } from '../media/MediaFiles';
import { parseOptions } from './parseOptions';
import { print, tell } from './say';
import { UsageError } from './UsageError';

/** Files of W&B runs that wait for their history lines. */
const TABLES = join('wandb', 'tables');

/** Saves what can be read of damaged data into another folder. */
export async function recoverCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions('recover', args, ['data'], { environment: { data: 'STORE_DATA' } });
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) {
    throw new UsageError('recover takes one folder to save into.', 'recover');
  }
  const [data, folder] = [resolve(values.data ?? 'data'), resolve(target)];
  if (!existsSync(data)) {
    throw new UsageError(`There is no data in ${data}; say where with --data.`, 'recover');
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${folder} is not empty; what is saved goes into a folder of its own.`, 'recover');
  }
  const { losses: lost } = await recoverFolder(data, folder);
  for (const files of [TABLES, MEDIA_FOLDER]) {
    if (existsSync(join(data, files))) {
      await cp(join(data, files), join(folder, files), { recursive: true });
    }
  }
  const losses = [...lost, ...(await checkMedia(folder)).faults];
  // It is only saved when a store can go on with it.
  const engine = await openEngine(folder);
  const runs = (await engine.loadRuns()).length;
  await engine.close();
  tell(...losses);
  print(
    `Saved ${runs.toLocaleString('en')} runs of ${data} in ${folder}${losses.length > 0 ? ', without the above' : ''}.`,
  );
  return 0;
}
