import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'vitest';
import { openEngine } from '../../store/engine/openEngine';
import { expectAgreement } from './agreement';
import { openScaled } from './openScaled';

const open = openScaled();

it('ClickHouse answers what the embedded engine answers, whatever is logged and asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-agreement-'));
  const engines = [await openEngine(folder), await open(folder)] as const;
  try {
    await expectAgreement(engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
