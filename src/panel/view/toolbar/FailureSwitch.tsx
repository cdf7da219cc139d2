import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { FAILED, WITHOUT_FAILURES } from '@rolloscope/contract/names';
import type { Condition } from '@rolloscope/contract/types';
import React from 'react';
import { smallButton, smallButtonOn } from '../../color/smallButton';
import type { Narrowing, TableColumn } from '../../data/TableData';

interface Props {
  columns: readonly TableColumn[];
  narrowing: Narrowing;
  onFilter: (column: string, conditions: readonly Condition[]) => void;
}

/**
 * Leaves out rollouts that are known to have failed: one condition of the filter, so a link and an export have it. Not
 * there where no column tells which ones did.
 */
export function FailureSwitch({ columns, narrowing: { filter = [] }, onFilter }: Props) {
  const styles = useStyles2(getStyles);
  if (!columns.some(({ name, isDerived }) => name === FAILED && isDerived)) {
    return null;
  }
  const { column, op, value } = WITHOUT_FAILURES;
  const isOn = filter.some((one) => 'op' in one && one.column === column && one.op === op && one.value === value);
  return (
    <button
      type="button"
      className={cx(styles.button, isOn && styles.isOn)}
      aria-pressed={isOn}
      title="Leave out rollouts that failed: a time-out, a sandbox, a server. Those of which nothing is told stay."
      onClick={() => onFilter(FAILED, isOn ? [] : [WITHOUT_FAILURES])}
    >
      Without failures
    </button>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  button: css({
    ...smallButton(theme),
    flexShrink: 0,
    height: 22,
    padding: theme.spacing(0, 0.75),
    borderRadius: theme.shape.radius.default,
    lineHeight: '20px',
    whiteSpace: 'nowrap',
  }),
  isOn: css(smallButtonOn(theme)),
});
