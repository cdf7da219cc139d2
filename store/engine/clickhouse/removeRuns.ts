import type { Reading } from './read/TableView';

/** Removes the lines of runs that were deleted; a table whose lines go is written anew where they were. */
export async function removeRuns({ server, catalogue }: Reading): Promise<void> {
  const keys = (await catalogue.removals()).map(({ key }) => key);
  if (keys.length === 0) {
    return;
  }
  for (const table of ['points', 'rows']) {
    await server.run(`ALTER TABLE ${table} DELETE WHERE run IN (${keys.join(', ')})`, undefined, {
      mutations_sync: '1',
    });
  }
  await catalogue.removed(keys);
}
