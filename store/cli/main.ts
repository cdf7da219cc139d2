import packageJson from '../package.json';
import { backupCommand } from './backupCommand';
import { checkCommand } from './checkCommand';
import { doctorCommand } from './doctor/doctorCommand';
import { type Command, HELP } from './help';
import { importCommand } from './import/importCommand';
import { isMove, moveCommand } from './movein/moveCommand';
import { recoverCommand } from './recoverCommand';
import { linesOf, print, tell } from './say';
import { serveCommand } from './serveCommand';
import { UsageError } from './UsageError';
import { wandbKeyCommand } from './wandbKeyCommand';

const commands = new Map<string, (args: string[]) => Promise<number>>([
  ['serve', serveCommand],
  ['import', (args) => (isMove(args) ? moveCommand(args) : importCommand(args))],
  ['backup', backupCommand],
  ['check', checkCommand],
  ['recover', recoverCommand],
  ['wandb-key', wandbKeyCommand],
  ['doctor', doctorCommand],
]);

async function run([name = '--help', ...args]: string[]): Promise<number> {
  if (name === '--version') {
    print(packageJson.version);
    return 0;
  }
  if (name === '--help' || name === 'help') {
    printHelp(commands.has(args[0] ?? '') ? (args[0] as Command) : 'main');
    return 0;
  }
  const command = commands.get(name);
  if (!command) {
    throw new UsageError(`${name} is not a command; there are ${[...commands.keys()].join(', ')}.`);
  }
  if (args.includes('--help') || args.includes('-h')) {
    printHelp(name as Command);
    return 0;
  }
  return command(args);
}

const printHelp = (of: Command | 'main') => print(...HELP[of].trimEnd().split('\n'));

// What a command writes is its user's: data, copies of it, how far an import is.
process.umask(0o077);

// What nobody caught would be written as it is, with whatever names are in it.
process.on('uncaughtException', (cause) => {
  tell(...String(cause.stack ?? cause).split('\n'));
  process.exit(1);
});

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (cause) {
  tell(...linesOf(cause));
  if (cause instanceof UsageError) {
    tell(`See: rolloscope-store ${[cause.command, '--help'].filter(Boolean).join(' ')}`);
  }
  process.exitCode = cause instanceof UsageError ? 2 : 1;
}
