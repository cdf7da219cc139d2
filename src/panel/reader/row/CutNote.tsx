import { Alert } from '@grafana/ui';
import React from 'react';
import { formatCount } from '../../text/formatCount';

/** Says which texts of a row are not whole, where the store has the rest and nobody can ask it. */
export function CutNote({ cut }: { cut: ReadonlyMap<string, number> | undefined }) {
  if (!cut || cut.size === 0) {
    return null;
  }
  const texts = [...cut].map(([name, length]) => `${name} (${formatCount(length)} characters)`);
  return (
    <Alert severity="info" title="Not whole">
      {`Only the beginning of ${texts.join(' and ')} is here; the store, which has the rest, cannot be reached from here.`}
    </Alert>
  );
}
