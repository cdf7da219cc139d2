import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Counted } from './Counted';
import { type Exchange, unpacked } from './Exchange';

/** A folder for each: `requests.jsonl.gz`, or `files/`, or both, and `counted.json`. */
export const folder = fileURLToPath(new URL('recordings', import.meta.url));

export const REQUESTS = 'requests.jsonl.gz';
export const FILES = 'files';
export const COUNTED = 'counted.json';

export const recordingNames = () => readdirSync(folder).sort();

export interface Recording {
  exchanges: Exchange[];
  /** The folder of the files that the trainer wrote, if any are kept. */
  files?: string;
  counted: Counted;
}

export async function readRecording(name: string): Promise<Recording> {
  const at = (...path: string[]) => join(folder, name, ...path);
  return {
    exchanges: existsSync(at(REQUESTS)) ? unpacked(await readFile(at(REQUESTS))) : [],
    ...(existsSync(at(FILES)) && { files: at(FILES) }),
    counted: JSON.parse(await readFile(at(COUNTED), 'utf8')) as Counted,
  };
}
