import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether the database's file in a data folder is being changed: then its beginning is not promised. */
export async function isChanging(data: string): Promise<boolean> {
  const text = await readFile(join(data, 'promised'), 'latin1').catch(() => '');
  const slots = [...text.matchAll(/\{"n":(\d+).*/g)].sort((a, b) => Number(a[1]) - Number(b[1]));
  return slots.at(-1)?.[0].includes('"fileHead":null') ?? false;
}
