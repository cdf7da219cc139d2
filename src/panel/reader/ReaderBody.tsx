import { LoadingPlaceholder } from '@grafana/ui';
import React, { type RefObject } from 'react';
import type { TableColumn, WholeRow } from '../data/TableData';
import { lazyChunk, useChunk } from '../lazy/lazyChunk';
import { readableText } from '../text/readableText';
import { Conversation } from './conversation/Conversation';
import type { TurnBadge } from './conversation/PolicyChange';
import type { DrawnTurns } from './conversation/useDrawnTurns';
import type { Folds } from './conversation/useFolds';
import { RawView } from './row/RawView';
import { LongFacts, MediaFacts } from './row/RowFacts';
import type { Tokens } from './tokens/readTokens';
import type { Section } from './transcript/readTranscript';
import { cellOf } from './verdict/readOutcome';

const tokenView = lazyChunk(() => import('./tokens/TokenView'));

/** The form in which a row is read. */
export type ReadingForm = 'turns' | 'raw' | 'tokens';

interface Props {
  cells: WholeRow;
  columns: readonly TableColumn[];
  sections: readonly Section[];
  /** The per-token data; undefined where nothing was logged of each token. */
  tokens: Tokens | undefined;
  shown: ReadingForm;
  folds: Folds;
  drawn: DrawnTurns;
  /** Goes to the next worst token, or the one before, while tokens show. */
  walk: RefObject<((by: -1 | 1) => void) | null>;
  /** The badges by turn of the conversation. */
  badges: ReadonlyMap<number, TurnBadge>;
}

/** Shows what a row says: as turns, as it was logged, or token by token. */
export function ReaderBody({ cells, columns, sections, tokens, shown, folds, drawn, walk, badges }: Props) {
  const byToken = useChunk(tokenView, shown === 'tokens');
  if (shown === 'raw') {
    return <RawView cells={cells} columns={columns} />;
  }
  if (shown === 'tokens' && tokens) {
    return byToken ? (
      <byToken.TokenView tokens={tokens} response={readableText(cellOf(cells, columns, 'response'))} walk={walk} />
    ) : (
      <LoadingPlaceholder text="Loading the tokens…" />
    );
  }
  return (
    <>
      <MediaFacts cells={cells} columns={columns} />
      <Conversation
        sections={sections}
        columns={columns}
        folds={folds}
        drawn={drawn}
        badges={badges}
        tokens={tokens?.texts.length}
      />
      <LongFacts cells={cells} columns={columns} />
    </>
  );
}
