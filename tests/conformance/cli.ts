import { parseArgs } from 'node:util';
import { NothingToCheck, type Scene } from './Check';
import { CHECKS, sceneToRead, sceneWithSeed } from './runChecks';
import { StoreUnderTest } from './StoreUnderTest';

const HELP = `npm run conformance -- URL [--token T] [--write] [--run ID]…

  Holds any run store against the contract, over HTTP.
  npm run conformance -- http://127.0.0.1:8900
      the reading half, on the newest runs that are there; writes nothing
  npm run conformance -- http://127.0.0.1:8900 --write --token T
      the writing half too, on runs of its own, which it deletes afterwards

  --token T    a token that may read, and with --write also write
  --write      log runs and check what comes back
  --run ID     read these runs (choose runs that are over); may be given more than once
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    token: { type: 'string' },
    write: { type: 'boolean' },
    run: { type: 'string', multiple: true },
    help: { type: 'boolean' },
  },
});
const [url] = positionals;
if (url === undefined || values.help) {
  console.log(HELP);
  process.exit(values.help ? 0 : 2);
}

const store = new StoreUnderTest(url, values.token);
let own: Awaited<ReturnType<typeof sceneWithSeed>> | undefined;
let scene: Scene;
try {
  own = values.write ? await sceneWithSeed(store) : undefined;
  scene = own ?? (await sceneToRead(store, values.run ?? []));
} catch (cause) {
  const { message, cause: reason } = cause as Error;
  console.error(
    `The suite cannot begin: ${[message.split('\n')[0], (reason as Error | undefined)?.message].filter(Boolean).join(': ')}`,
  );
  process.exit(1);
}
const count = { kept: 0, broken: 0, skipped: 0 };
for (const [about, checks] of Object.entries(CHECKS)) {
  console.log(`\n${about}`);
  for (const check of checks) {
    if (check.needs === 'write' && !own) {
      count.skipped++;
      continue;
    }
    try {
      await check.run(scene);
      count.kept++;
      console.log(`  ✓ ${check.promises}`);
    } catch (cause) {
      const isSkipped = cause instanceof NothingToCheck;
      count[isSkipped ? 'skipped' : 'broken']++;
      const reason = cause instanceof Error ? cause.message : String(cause);
      console.log(`  ${isSkipped ? '–' : '✗'} ${check.promises}\n      ${reason.replaceAll('\n', '\n      ')}`);
    }
  }
}
await own?.clear();
console.log(`\n${count.kept} promises kept, ${count.broken} broken, ${count.skipped} not checked.`);
process.exit(count.broken > 0 ? 1 : 0);
