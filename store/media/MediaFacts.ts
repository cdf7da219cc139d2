import type { MediaType } from '@rolloscope/contract';

/** What is told of media by their heads; nothing is unpacked for it. */
export interface MediaFacts {
  type: MediaType;
  /** In pixels. */
  width?: number;
  height?: number;
  /** Pictures, where they may be several. */
  frames?: number;
  seconds?: number;
}
