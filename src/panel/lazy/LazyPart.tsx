import { Alert, LoadingPlaceholder } from '@grafana/ui';
import React, { type ComponentType, type ReactNode, useEffect, useState } from 'react';
import { faultText } from '../data/faultText';
import type { LazyChunk } from './lazyChunk';

interface Props<P extends object> {
  /** The part's name in messages, such as "The group view". */
  name: string;
  /** Its code. */
  chunk: LazyChunk<ComponentType<P>>;
  /** Draws what stands in its place until it is here; as it is when left out. */
  around?: (said: ReactNode) => ReactNode;
  /** The props that it is drawn with. */
  drawn: P;
}

/** A part of the panel whose code is fetched when it is first shown. Where it cannot be, it says why, to be tried again. */
export function LazyPart<P extends object>({ name, chunk, around = (said) => said, drawn }: Props<P>) {
  const [View, setView] = useState<ComponentType<P> | undefined>(() => chunk.now);
  const [fault, setFault] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another import
  useEffect(() => {
    let isWanted = true;
    chunk.load().then(
      (loaded) => isWanted && setView(() => loaded),
      (error: unknown) => isWanted && setFault(faultText(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [chunk, attempt]);
  if (View) {
    return <View {...drawn} />;
  }
  return around(
    fault === undefined ? (
      <LoadingPlaceholder text={`${name} is loading…`} />
    ) : (
      <Alert
        title={`${name} could not be loaded`}
        severity="error"
        buttonContent="Retry"
        onRemove={() => {
          setFault(undefined);
          setAttempt(attempt + 1);
        }}
      >
        {fault}
      </Alert>
    ),
  );
}
