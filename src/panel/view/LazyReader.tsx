import React, { type ComponentProps, useEffect } from 'react';
import { LazyPart } from '../lazy/LazyPart';
import { lazyChunk } from '../lazy/lazyChunk';
import { actionOf } from '../reader/keys';
import { ReaderPane } from '../reader/ReaderPane';
import type { RolloutsReader } from './RolloutsReader';

const reader = lazyChunk(async () => (await import('./RolloutsReader')).RolloutsReader);

/** Fetches the reader's code before somebody needs it, as soon as there are rows to read. */
export function useReaderAhead(hasRows: boolean): void {
  useEffect(() => {
    if (hasRows) {
      // What cannot be fetched now is asked for again, and its fault said, when a row is opened.
      reader.load().catch(() => undefined);
    }
  }, [hasRows]);
}

/** The reader; until its code is here, its place beside the page. */
export function LazyReader(props: ComponentProps<typeof RolloutsReader>) {
  return (
    <LazyPart
      name="The reader"
      chunk={reader}
      around={(said) => (
        <ReaderPane
          label="The reader"
          isFull={false}
          isBehind={false}
          onKeyDown={(event) => actionOf(event) === 'close' && props.dispatch({ type: 'close' })}
        >
          {said}
        </ReaderPane>
      )}
      drawn={props}
    />
  );
}
