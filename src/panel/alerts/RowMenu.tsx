import { ContextMenu, Menu } from '@grafana/ui';
import React from 'react';
import { AlertItems, useOffered } from './AlertItems';
import type { RunAlerts } from './useRunAlerts';

interface Props {
  alerts: RunAlerts;
  run: string;
  /** The place of the pointer, in pixels of the window. */
  x: number;
  y: number;
  onOpen: () => void;
  onClose: () => void;
}

/** The menu of a row, at the pointer: it opens once it knows what is in it, since its size says where it has room. */
export function RowMenu({ alerts, run, x, y, onOpen, onClose }: Props) {
  const offered = useOffered(alerts, run);
  return offered ? (
    <ContextMenu
      x={x}
      y={y}
      onClose={onClose}
      renderMenuItems={() => (
        <>
          <Menu.Item icon="book-open" label="Read" onClick={onOpen} />
          <AlertItems offered={offered} />
        </>
      )}
    />
  ) : null;
}
