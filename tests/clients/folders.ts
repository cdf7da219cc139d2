import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const makeFolder = () => mkdtemp(join(tmpdir(), 'rolloscope-client-'));
export const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });
