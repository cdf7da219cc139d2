import { Alert, LoadingPlaceholder } from '@grafana/ui';
import React, { type ComponentType, useEffect, useState } from 'react';
import { faultText } from '../data/faultText';

interface Props<P extends object> {
  /** In messages, such as "The group view". */
  name: string;
  /** Fetches its code; the same function each time. */
  load: () => Promise<ComponentType<P>>;
  /** Pixels that it takes, so that nothing moves when it comes. */
  height?: number;
  /** What it is drawn with. */
  drawn: P;
}

/** A part of the panel whose code is fetched when it is first shown. Where it cannot be, it says why, to be tried again. */
export function LazyPart<P extends object>({ name, load, height, drawn }: Props<P>) {
  const [View, setView] = useState<ComponentType<P>>();
  const [fault, setFault] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another import
  useEffect(() => {
    let isWanted = true;
    load().then(
      (Loaded) => isWanted && setView(() => Loaded),
      (error: unknown) => isWanted && setFault(faultText(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [load, attempt]);
  if (View) {
    return <View {...drawn} />;
  }
  return (
    <div style={height === undefined ? undefined : { height, overflow: 'auto' }}>
      {fault === undefined ? (
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
      )}
    </div>
  );
}
