import { installClient as installMlflow } from '../mlflow/pythonClient';
import * as mlflow from '../mlflow/versions';
import { installServer } from '../movein/mlflowServer';
import { installReaders } from '../reading/pythonReaders';
import { installCheckers } from '../release/checkers';
import { installNode, OTHER_NODES } from '../release/nodes';
import { installClickHouse } from '../servers/clickhouse';
import { installWriters } from '../tensorboard/installWriters';
import { installExporter, installClient as installTrackio } from '../trackio/pythonClient';
import * as trackio from '../trackio/versions';
import { installClient as installWandb, installWithImages } from '../wandb/pythonClient';
import * as wandb from '../wandb/versions';

const all = (install: (version: string) => Promise<string>, newest: string, older: readonly string[]) =>
  [newest, ...older].map((version) => () => install(version));

/** The real clients and checkers that tests run, by the module that has them: what installs each. */
export const CLIENTS: ReadonlyMap<string, ReadonlyArray<() => Promise<string>>> = new Map([
  ['tests/mlflow/pythonClient.ts', all(installMlflow, mlflow.NEWEST, mlflow.OLDER)],
  ['tests/trackio/pythonClient.ts', [...all(installTrackio, trackio.NEWEST, trackio.OLDER), installExporter]],
  ['tests/wandb/pythonClient.ts', [...all(installWandb, wandb.NEWEST, wandb.OLDER), installWithImages]],
  ['tests/tensorboard/installWriters.ts', [installWriters]],
  ['tests/reading/pythonReaders.ts', [installReaders]],
  ['tests/release/checkers.ts', [installCheckers]],
  ['tests/release/nodes.ts', OTHER_NODES.map((version) => () => installNode(version))],
  ['tests/movein/mlflowServer.ts', [installServer]],
  ['tests/servers/clickhouse.ts', [installClickHouse]],
]);

/**
 * Installs every version of the clients whose module is among the sources, so that a machine that cannot is told so before
 * any test runs. Two at a time, since pip waits for the network as long as for the processor.
 *
 * @throws one line that says what pip could not do
 */
export async function installClients(sources: readonly string[]): Promise<void> {
  const wanted = sources.flatMap((source) => CLIENTS.get(source) ?? []);
  const takeOneByOne = async () => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      await next();
    }
  };
  await Promise.all([takeOneByOne(), takeOneByOne()]);
}
