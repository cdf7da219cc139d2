import React from 'react';
import { LazyPart } from '../lazy/LazyPart';
import { lazyChunk } from '../lazy/lazyChunk';
import type { GroupProps } from './GroupView';

const group = lazyChunk(async () => (await import('./GroupView')).GroupView);

/** The group, whose code is fetched when one is first looked at. */
export function LazyGroup(props: GroupProps) {
  return <LazyPart name="The group view" chunk={group} drawn={props} />;
}
