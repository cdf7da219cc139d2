import { css } from '@emotion/css';
import type { AbsoluteTimeRange, GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import type { TableData } from '../data/TableData';
import { useLoaded } from '../data/useLoaded';
import { withKey } from '../reader/keys';
import { loadNeighbours } from './loadNeighbours';
import { momentRange } from './momentRows';

interface Props {
  data: TableData;
  /** The one step that is being read. */
  step: number;
  /** The run that is being read, where it is one. */
  run?: string | undefined;
  onStep: (step: number) => void;
  /** Back to every step of the query; left out where no step was chosen. */
  onAll?: (() => void) | undefined;
  /** Sets the dashboard's time range; left out where nobody lets it be set. */
  onTimeRange?: (range: AbsoluteTimeRange) => void;
}

/** Shows the step that is read, the ones around it, and the way to its moment on the dashboard's other panels. */
export function StepBar({ data, step, run, onStep, onAll, onTimeRange }: Props) {
  const styles = useStyles2(getStyles);
  const around = useLoaded(`${data.key} ${step} ${run}`, (signal) => loadNeighbours(data, step, run, signal), data);
  const { before, after, first, last } = (around.isLoading ? undefined : around.value) ?? {};
  const go = (name: 'previous' | 'next', to: number | undefined) => (
    <IconButton
      name={name === 'previous' ? 'angle-left' : 'angle-right'}
      size="md"
      tooltip={to === undefined ? `No ${name} step` : withKey(`${name}Step`, `Step ${to}: the ${name} one`)}
      disabled={to === undefined}
      onClick={() => to !== undefined && onStep(to)}
    />
  );
  return (
    <div className={styles.bar}>
      {go('previous', before?.step)}
      <span className={styles.step} aria-live="polite">{`step ${step}`}</span>
      {go('next', after?.step)}
      {onAll && <IconButton name="times" size="sm" tooltip="Every step again" onClick={onAll} />}
      {onTimeRange && first !== undefined && last !== undefined && (
        <Button
          size="sm"
          variant="secondary"
          fill="text"
          icon="clock-nine"
          tooltip="Sets the dashboard's time range to this step, so that every other panel shows its moment"
          onClick={() =>
            onTimeRange(
              momentRange({
                first,
                last,
                ...(before?.time !== undefined && { before: before.time }),
                ...(after?.time !== undefined && { after: after.time }),
              }),
            )
          }
        >
          Show this moment
        </Button>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    alignItems: 'center',
    flexShrink: 0,
    gap: theme.spacing(0.25),
    color: palette(theme).text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  step: css({ padding: theme.spacing(0, 0.5), fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
});
