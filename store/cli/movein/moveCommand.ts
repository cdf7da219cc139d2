import { stateFolder } from '../import/Journal';
import { parseOptions } from '../parseOptions';
import { StoreClient } from '../StoreClient';
import { tell } from '../say';
import { UsageError } from '../UsageError';
import type { Move } from './Move';
import { moveMlflow } from './mlflow/moveMlflow';
import { moveTrackio } from './trackio/moveTrackio';
import { moveWandb } from './wandb/moveWandb';

interface MoveSource {
  /** A word for what is given after the source's name. */
  place: string;
  names: readonly string[];
  flags: readonly string[];
  environment: Record<string, string>;
  move(move: Move): Promise<number>;
}

const SOURCES: ReadonlyMap<string, MoveSource> = new Map([
  [
    'wandb',
    {
      place: 'ENTITY/PROJECT',
      names: ['run', 'base-url', 'since'],
      flags: ['system'],
      environment: { 'base-url': 'WANDB_BASE_URL' },
      move: moveWandb,
    },
  ],
  [
    'mlflow',
    { place: 'URL', names: ['run', 'experiment', 'since'], flags: ['system'], environment: {}, move: moveMlflow },
  ],
  ['trackio', { place: 'DIR', names: ['run'], flags: ['system'], environment: {}, move: moveTrackio }],
]);
const NAMES = ['url', 'token', 'project', 'state'];
const FLAGS = ['again'];
const ENVIRONMENT = { url: 'STORE_URL', token: 'STORE_TOKEN', state: 'STORE_IMPORT_STATE' };

/** Says whether `import` is given another tool and something of it; a folder of such a name is written `./wandb`. */
export const isMove = ([source = '', ...rest]: readonly string[]): boolean => SOURCES.has(source) && rest.length > 0;

/** Brings what another tool holds into a running store. Resolves with the exit code: 1 when something was refused. */
export async function moveCommand([name = '', ...args]: readonly string[]): Promise<number> {
  const source = SOURCES.get(name) as MoveSource;
  const { values, flags, positionals } = parseOptions('import', [...args], [...NAMES, ...source.names], {
    flags: [...FLAGS, ...source.flags],
    environment: { ...ENVIRONMENT, ...source.environment },
  });
  const [place, ...more] = positionals;
  if (place === undefined || more.length > 0) {
    throw new UsageError(`import ${name} takes one ${source.place}.`, 'import');
  }
  const stop = new AbortController();
  const stopped = () => stop.abort(new Error('Stopped. Run the same command again: it goes on where it ended.'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, stopped);
  }
  const url = values.url ?? 'http://127.0.0.1:8900';
  const options = {
    ...(values.token !== undefined && { token: values.token }),
    isPatient: true,
    signal: stop.signal,
    onState: (away: string | undefined) =>
      tell(away === undefined ? 'the store is back' : `the store is away, waiting for it: ${away}`),
  };
  try {
    return await source.move({
      place,
      values,
      flags,
      root: new StoreClient(url, { ...options, base: '' }),
      api: new StoreClient(url, options),
      state: values.state ?? stateFolder(),
      signal: stop.signal,
    });
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.off(signal, stopped);
    }
  }
}
