import packageJson from '../package.json';
import { backupCommand } from './backupCommand';
import { type Command, HELP } from './help';
import { importCommand } from './import/importCommand';
import { serveCommand } from './serveCommand';
import { UsageError } from './UsageError';
import { wandbKeyCommand } from './wandbKeyCommand';

const commands = new Map<string, (args: string[]) => Promise<number>>([
  ['serve', serveCommand],
  ['import', importCommand],
  ['backup', backupCommand],
  ['wandb-key', wandbKeyCommand],
]);

async function run([name = '--help', ...args]: string[]): Promise<number> {
  if (name === '--version') {
    process.stdout.write(`${packageJson.version}\n`);
    return 0;
  }
  if (name === '--help' || name === 'help') {
    process.stdout.write(HELP[commands.has(args[0] ?? '') ? (args[0] as Command) : 'main']);
    return 0;
  }
  const command = commands.get(name);
  if (!command) {
    throw new UsageError(`${name} is not a command; there are ${[...commands.keys()].join(', ')}.`);
  }
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP[name as Command]);
    return 0;
  }
  return command(args);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (cause) {
  const message = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`${message}\n`);
  if (cause instanceof UsageError) {
    process.stderr.write(`See: rolloscope-store ${[cause.command, '--help'].filter(Boolean).join(' ')}\n`);
  }
  process.exitCode = cause instanceof UsageError ? 2 : 1;
}
