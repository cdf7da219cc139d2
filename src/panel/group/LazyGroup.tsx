import { Alert, LoadingPlaceholder } from '@grafana/ui';
import React, { type ComponentType, useEffect, useState } from 'react';
import { faultText } from '../data/faultText';
import type { GroupProps } from './GroupView';

/** The group, whose code is fetched when one is first looked at. */
export function LazyGroup(props: GroupProps) {
  const [View, setView] = useState<ComponentType<GroupProps>>();
  const [fault, setFault] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another import
  useEffect(() => {
    let isWanted = true;
    import('./GroupView').then(
      ({ GroupView }) => isWanted && setView(() => GroupView),
      (error: unknown) => isWanted && setFault(faultText(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [attempt]);
  if (View) {
    return <View {...props} />;
  }
  return fault === undefined ? (
    <LoadingPlaceholder text="Loading the group…" />
  ) : (
    <Alert
      title="The group view could not be loaded"
      severity="error"
      buttonContent="Retry"
      onRemove={() => {
        setFault(undefined);
        setAttempt(attempt + 1);
      }}
    >
      {fault}
    </Alert>
  );
}
