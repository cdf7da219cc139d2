import type { Label } from '@rolloscope/contract/types';
import type { LabelEntry } from './engine/EngineReads';

/** The contract's view of a label. */
export const toLabel = ({ verdict, comment, ...label }: LabelEntry): Label => ({
  ...label,
  ...(verdict !== null && { verdict }),
  ...(comment !== null && { comment }),
});
