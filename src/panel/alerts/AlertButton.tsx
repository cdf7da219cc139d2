import { Dropdown, Menu, ToolbarButton } from '@grafana/ui';
import React from 'react';
import { AlertItems, useOffered } from './AlertItems';
import type { RunAlerts } from './useRunAlerts';

interface Props {
  alerts: RunAlerts;
  run: string;
}

/** Leads from the row that is read to alert rules about its run. */
export function AlertButton(props: Props) {
  return (
    <Dropdown overlay={<Offers {...props} />} placement="bottom-end">
      <ToolbarButton variant="canvas" icon="bell" isOpen={false} aria-label="Alert on this run">
        Alert
      </ToolbarButton>
    </Dropdown>
  );
}

function Offers({ alerts, run }: Props) {
  const offered = useOffered(alerts, run);
  return (
    <Menu>
      <AlertItems offered={offered} />
    </Menu>
  );
}
