import { useEffect, useState } from 'react';

/** A part of the bundle that is fetched when it is first needed. */
export interface LazyChunk<T> {
  /** The code, once it is here. */
  now?: T;
  load: () => Promise<T>;
}

export function lazyChunk<T>(fetchChunk: () => Promise<T>): LazyChunk<T> {
  let loading: Promise<T> | undefined;
  const chunk: LazyChunk<T> = {
    load() {
      loading ??= fetchChunk().then(
        (loaded) => {
          chunk.now = loaded;
          return loaded;
        },
        (fault: unknown) => {
          // The next one who needs it tries again.
          loading = undefined;
          throw fault;
        },
      );
      return loading;
    },
  };
  return chunk;
}

/** The chunk, where it is wanted and here; asks for it otherwise. One that cannot be fetched stays away. */
export function useChunk<T>(chunk: LazyChunk<T>, isWanted: boolean): T | undefined {
  const [, setLoaded] = useState(chunk.now !== undefined);
  useEffect(() => {
    if (!isWanted) {
      return undefined;
    }
    if (chunk.now !== undefined) {
      // It may have come after this was drawn and before the effect.
      setLoaded(true);
      return undefined;
    }
    let isHere = true;
    chunk.load().then(
      () => isHere && setLoaded(true),
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [chunk, isWanted]);
  return isWanted ? chunk.now : undefined;
}
