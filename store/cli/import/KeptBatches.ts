import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Item } from '../../formats/Format';
import type { RewardHints } from '../../formats/rewardFunctions';

/** An item with whose it is and where it came from. */
export interface Unit {
  run: string;
  project: string;
  item: Item;
  /** The place that it came from, for messages: `metrics.jsonl:12`. */
  origin: string;
  bytes: number;
  /** See `Owner`. */
  folder?: { name?: string };
}

/** A batch of what was read of the files, to be sent as it is. */
export interface KeptBatch {
  id: string;
  units: readonly Unit[];
  hints: RewardHints;
}

/** Batches as they were read, each in a file beside the journal until the store has it. */
export class KeptBatches {
  /** `journal` is the journal's path, which the names of the files begin with. */
  constructor(private readonly journal: string) {}

  /** Writes a batch down. Its content is durable when it resolves, its name after `makeDurable`. */
  async keep(batch: KeptBatch): Promise<void> {
    const file = await open(this.pathOf(batch.id), 'w', 0o600);
    try {
      await file.writeFile(serialize(batch));
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Makes what was kept outlast a crash of the machine, too. Not every system can do this of a folder. */
  makeDurable(): void {
    if (process.platform === 'win32') {
      return;
    }
    const folder = openSync(dirname(this.journal), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }

  has(id: string): boolean {
    return existsSync(this.pathOf(id));
  }

  /** Throws when it cannot be read. */
  read(id: string): KeptBatch {
    return deserialize(readFileSync(this.pathOf(id))) as KeptBatch;
  }

  remove(id: string): void {
    rmSync(this.pathOf(id), { force: true });
  }

  /** Removes all but one: batches that were written down and never intended. */
  removeOthers(id: string | undefined): void {
    const folder = dirname(this.journal);
    const kept = id === undefined ? undefined : basename(this.pathOf(id));
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${basename(this.journal)}.`) && name.endsWith('.batch') && name !== kept) {
        rmSync(join(folder, name), { force: true });
      }
    }
  }

  private pathOf(id: string): string {
    return `${this.journal}.${id}.batch`;
  }
}
