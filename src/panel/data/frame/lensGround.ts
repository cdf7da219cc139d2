import type { LensGround } from '@rolloscope/contract/lenses';
import type { TableColumn } from '../TableData';

/** Tells what a frame's columns offer to lenses: what the store would derive is worked out where it can be. */
export function lensGround(columns: readonly TableColumn[]): LensGround {
  const roles = columns.map(({ role }) => (role === 'step' ? undefined : role));
  const hasPrompt = roles.includes('prompt') || roles.includes('messages');
  const hasResponse = roles.includes('response') || roles.includes('messages');
  return {
    roles,
    names: [
      ...columns.map(({ name }) => name),
      ...(hasPrompt ? ['promptHash'] : []),
      ...(hasResponse ? ['chars', 'thinkClosed', 'duplicateOf'] : []),
    ],
    // Its baseline is another run, of which the frame knows nothing.
    hasBaseline: false,
    hasLabels: columns.some(({ name }) => name === 'labelTime'),
  };
}
