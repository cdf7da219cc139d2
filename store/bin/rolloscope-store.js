#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Committed, unlike what it runs: npm links a command only if its file exists when the packages are installed.
const built = new URL('../dist/cli.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('The store is not built yet: run "npm run build" in the folder of the repository.\n');
  process.exitCode = 1;
}
