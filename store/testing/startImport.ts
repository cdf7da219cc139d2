import { type ImportOptions, RunImport } from '../cli/import/RunImport';
import { StoreClient } from '../cli/StoreClient';

/**
 * An import of a folder or a file into the store at a URL, or by a client of its own. `state` is the folder where it keeps
 * how far it is.
 */
export function startImport(
  path: string,
  to: string | StoreClient,
  options: Partial<ImportOptions> & Pick<ImportOptions, 'state'>,
): RunImport {
  return new RunImport(path, typeof to === 'string' ? new StoreClient(to) : to, {
    plain: {},
    again: false,
    signal: new AbortController().signal,
    tell: () => {},
    onProgress: () => {},
    ...options,
  });
}
