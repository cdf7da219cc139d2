import type { EngineReads } from '../engine/EngineReads';
import type { SelectableRuns } from './SelectableRuns';

/** The context that every read of a request works with. */
export interface ReadContext {
  /** The engine's reads on behalf of the caller. */
  engine: EngineReads;
  /** The runs that the caller may see, under the ids that they are seen by; who that is, and how long they wait. */
  seen: SelectableRuns;
}
