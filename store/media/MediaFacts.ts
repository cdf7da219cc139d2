import type { MediaType } from '@rolloscope/contract';

/** The facts that media tell by their heads; nothing is unpacked for them. */
export interface MediaFacts {
  type: MediaType;
  /** Pixels across and down. */
  width?: number;
  height?: number;
  /** Pictures, where they may be several. */
  frames?: number;
  seconds?: number;
}
