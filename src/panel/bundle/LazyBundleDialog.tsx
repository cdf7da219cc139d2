import { Alert } from '@grafana/ui';
import React, { type ComponentProps } from 'react';
import { useLoaded } from '../data/useLoaded';
import type { BundleDialog } from './BundleDialog';

/** The dialog, whose code is fetched when somebody first saves a file. */
export function LazyBundleDialog(props: ComponentProps<typeof BundleDialog>) {
  const { value, fault } = useLoaded('', () => import('./BundleDialog'));
  if (value) {
    return <value.BundleDialog {...props} />;
  }
  return fault === undefined ? null : (
    <Alert title="What saves a file could not be loaded" onRemove={props.onClose}>
      {fault}
    </Alert>
  );
}
