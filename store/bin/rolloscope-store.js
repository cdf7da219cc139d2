#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Committed, unlike what it runs: npm links a command only if its file exists when the packages are installed. CommonJS,
// as what it runs is (see `cli/entry.ts`).
const built = join(__dirname, '../dist/cli.js');
if (existsSync(built)) {
  require(built);
} else {
  process.stderr.write('The store is not built yet: run "npm run build" in the folder of the repository.\n');
  process.exitCode = 1;
}
