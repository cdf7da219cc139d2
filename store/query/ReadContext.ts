import type { Engine } from '../engine/Engine';
import type { SelectableRuns } from './SelectableRuns';

/** What every read of a request works with. */
export interface ReadContext {
  engine: Engine;
  /** The runs that the caller may see, under the ids that they are seen by. */
  seen: SelectableRuns;
}
