import { fileURLToPath } from 'node:url';
import { type Ended, runProcess } from '../processes/startProcess';

export const bin = fileURLToPath(new URL('../../store/bin/rolloscope-store.js', import.meta.url));

/** Runs a command of the built store to its end. */
export const runCommand = (...args: string[]): Promise<Ended> => runProcess(process.execPath, [bin, ...args]);
