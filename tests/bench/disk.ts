import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine } from './machine';
import { StoreClient } from './StoreClient';
import { prose } from './soakLoad';
import { startStore } from './startStore';

/*
 * `npm run bench disk`: bytes of the data folder, after the store has ended, for a run of points alone, one of rollouts alone,
 * and one of both as a day of training logs them. Each is in a folder of its own. docs/costs.md cites what it prints.
 */

interface Content {
  steps: number;
  metrics: number;
  /** A step. */
  rollouts: number;
  /** Characters of a rollout's prompt and response. */
  chars: number;
}

const KINDS: Record<string, Content> = {
  'points alone': { steps: 20_000, metrics: 50, rollouts: 0, chars: 0 },
  'rollouts alone, of 2 KB': { steps: 200, metrics: 0, rollouts: 128, chars: 2_000 },
  'a run of both': { steps: 2_000, metrics: 50, rollouts: 16, chars: 2_000 },
};
const STEPS_A_CALL = 50;

const print = (line: string) => process.stdout.write(`${line}\n`);
const COLUMNS = ['prompt', 'response', 'reward', 'groupId', 'advantage', 'correct'];

function entry(step: number, { metrics, rollouts, chars }: Content) {
  const values = Array.from({ length: metrics }, (_, i) => [`m/${i}`, Math.sin(step / 100 + i) + Math.random()]);
  const rows = Array.from({ length: rollouts }, (_, i) => {
    const n = step * rollouts + i;
    return [prose(n >> 3, 300), prose(n, chars - 300), Math.random(), `g${n >> 3}`, Math.random() - 0.5, n % 3 === 0];
  });
  const tables = rollouts > 0 ? { tables: { rollouts: { columns: COLUMNS, rows } } } : {};
  return { step, metrics: Object.fromEntries(values), ...tables };
}

/** Bytes on disk once the store has folded everything in and ended. */
async function measured(content: Content): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), 'rolloscope-bench-'));
  try {
    const store = await startStore({ data });
    const client = new StoreClient(store.url);
    await client.call('PUT', '/runs/one', { project: 'bench' });
    for (let step = 0; step < content.steps; step += STEPS_A_CALL) {
      const entries = Array.from({ length: Math.min(STEPS_A_CALL, content.steps - step) }, (_, i) =>
        entry(step + i, content),
      );
      await client.call('POST', '/runs/one/log', { entries });
    }
    await client.call('POST', '/runs/one/finish', {});
    client.close();
    await store.stop();
    // `reserve` is kept free for a full disk, whatever is logged.
    const files = (await readdir(data)).filter((file) => file !== 'reserve');
    const sizes = await Promise.all(files.map((file) => stat(join(data, file))));
    return sizes.reduce((sum, { size }) => sum + size, 0);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

print(machine());
const empty = await measured({ steps: 0, metrics: 0, rollouts: 0, chars: 0 });
print(`an empty store: ${(empty / 2 ** 20).toFixed(1)} MB`);
for (const [kind, content] of Object.entries(KINDS)) {
  const bytes = (await measured(content)) - empty;
  const points = content.steps * content.metrics;
  const rows = content.steps * content.rollouts;
  const each = [
    points > 0 && rows === 0 ? `, ${(bytes / points).toFixed(1)} bytes a point` : '',
    rows > 0 && points === 0 ? `, ${Math.round(bytes / rows)} bytes a rollout` : '',
  ].join('');
  print(`${kind}: ${points} points and ${rows} rollouts take ${(bytes / 2 ** 20).toFixed(1)} MB${each}`);
}
