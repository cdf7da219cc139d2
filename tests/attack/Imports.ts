import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bin } from '../clients/runCommand';
import { type Started, startProcess } from '../processes/startProcess';
import { watchMemory } from './watchMemory';

/** Bytes of resident memory that an import and what it starts stay within, whatever the files are. */
export const IMPORT_BYTES = 1.75 * 2 ** 30;

interface Imported {
  code: number | null;
  told: string;
  bytes: number;
}

/** Imports by the command, of folders that tests make, into one store. */
export class Imports {
  readonly top = mkdtempSync(join(tmpdir(), 'rolloscope-import-'));

  /** The store's address. */
  constructor(private readonly url: string) {}

  start(path: string, ...args: string[]): Started {
    const all = ['import', path, '--project', 'p', '--url', this.url, '--state', join(this.top, 'state'), ...args];
    return startProcess(process.execPath, [bin, ...all]);
  }

  /** An import to its end, with the memory that it took at the most. */
  async run(path: string, ...args: string[]): Promise<Imported> {
    const started = this.start(path, ...args);
    const memory = watchMemory(started.process.pid ?? 0);
    const code = await started.ended;
    const bytes = memory.end();
    expect(bytes, started.output()).toBeLessThan(IMPORT_BYTES);
    return { code, told: started.output(), bytes };
  }

  /** The folder of one run, with files by their names. */
  folderOf(run: string, files: Record<string, string | Buffer>): string {
    const folder = join(this.top, run);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  remove(): void {
    rmSync(this.top, { recursive: true, force: true });
  }
}

/** Exactly one line, with a reason, of a file. */
export function expectRefused(told: string, file: string, reason: RegExp): void {
  const own = told.split('\n').filter((line) => line.startsWith(`${file}: `) || line.startsWith(`${file}:`));
  expect(own, told).toEqual([expect.stringMatching(reason)]);
}
