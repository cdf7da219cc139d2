import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkFolder } from '../engine/openEngine';
import { checkMedia } from '../media/checkMedia';
import { parseOptions } from './parseOptions';
import { print, tell } from './say';
import { UsageError } from './UsageError';

/** Looks at the data of a store that does not run. */
export async function checkCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions('check', args, ['data'], { environment: { data: 'STORE_DATA' } });
  const data = resolve(values.data ?? 'data');
  if (positionals.length > 0) {
    throw new UsageError(
      `check takes no ${JSON.stringify(positionals[0])}; say where the data is with --data.`,
      'check',
    );
  }
  if (!existsSync(data)) {
    throw new UsageError(`There is no data in ${data}; say where with --data.`, 'check');
  }
  const { runs, points, rows, faults: found } = await checkFolder(data);
  const media = await checkMedia(data);
  const faults = [...found, ...media.faults];
  if (faults.length > 0) {
    tell(...faults);
    return 1;
  }
  const [many, dots, lines] = [runs, points, rows].map((count) => count.toLocaleString('en'));
  const seen = media.files > 0 ? `, ${media.files.toLocaleString('en')} images and sounds` : '';
  print(`${data} is whole: ${many} runs, ${dots} points, ${lines} rows${seen}, and all that was acknowledged.`);
  return 0;
}
