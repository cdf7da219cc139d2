import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scanFolder } from './scanFolder';

it('sees that a file was written to, though the clock stands back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rolloscope-scan-'));
  try {
    for (const name of ['a.bin', 'b.bin']) {
      writeFileSync(join(folder, name), name);
    }
    const before = await scanFolder(folder);
    expect((await scanFolder(folder)).mark).toBe(before.mark);
    appendFileSync(join(folder, 'a.bin'), 'more');
    utimesSync(join(folder, 'a.bin'), 1_000, 1_000);
    const after = await scanFolder(folder);
    expect(after.newest).toBe(before.newest);
    expect(after.mark).not.toBe(before.mark);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
