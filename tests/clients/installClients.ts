import { installClient as installMlflow } from '../mlflow/pythonClient';
import * as mlflow from '../mlflow/versions';
import { installClient as installTrackio } from '../trackio/pythonClient';
import * as trackio from '../trackio/versions';
import { installClient as installWandb } from '../wandb/pythonClient';
import * as wandb from '../wandb/versions';

/** The real clients that tests run, by the module that starts them. */
const CLIENTS = [
  { module: 'tests/mlflow/pythonClient.ts', install: installMlflow, versions: [mlflow.NEWEST, ...mlflow.OLDER] },
  { module: 'tests/trackio/pythonClient.ts', install: installTrackio, versions: [trackio.NEWEST, ...trackio.OLDER] },
  { module: 'tests/wandb/pythonClient.ts', install: installWandb, versions: [wandb.NEWEST, ...wandb.OLDER] },
];

/**
 * Installs every version of the clients whose module is among the sources, so that a machine that cannot is told so before
 * any test runs. Two at a time, since pip waits for the network as long as for the processor.
 *
 * @throws one line that says what pip could not do
 */
export async function installClients(sources: readonly string[]): Promise<void> {
  const wanted = CLIENTS.filter(({ module }) => sources.includes(module)).flatMap(({ install, versions }) =>
    versions.map((version) => () => install(version)),
  );
  const takeOneByOne = async () => {
    for (let next = wanted.shift(); next; next = wanted.shift()) {
      await next();
    }
  };
  await Promise.all([takeOneByOne(), takeOneByOne()]);
}
