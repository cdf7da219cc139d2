import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, Toggletip, useStyles2 } from '@grafana/ui';
import type { Condition } from '@rolloscope/contract/types';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { Narrowing, TableColumn, TableData } from '../../data/TableData';
import { byColumn, describeConditions } from '../../table/columnFilter';
import { HEIGHTS } from '../../table/panelLayout';
import { FilterForm } from './FilterForm';

interface Props {
  data: TableData;
  filter: readonly Condition[];
  narrowing: Narrowing;
  onChange: (column: string, conditions: readonly Condition[]) => void;
  onClear: () => void;
}

/** Shows what the table is filtered by, a chip a column: a click changes it, the cross takes it away. */
export function FilterChips({ data, filter, narrowing, onChange, onClear }: Props) {
  const styles = useStyles2(getStyles);
  const columnOf = (name: string): TableColumn | undefined => data.columns.find((column) => column.name === name);
  return (
    <ul className={styles.chips} aria-label="Filters">
      {byColumn(filter).map(([name, conditions]) => {
        const column = columnOf(name);
        const text = describeConditions(column?.label ?? name, conditions);
        return (
          <li key={name} className={styles.chip}>
            {column ? (
              <Toggletip
                placement="bottom-start"
                closeButton={false}
                fitContent
                content={
                  <FilterForm
                    data={data}
                    column={column}
                    narrowing={narrowing}
                    onChange={(next) => onChange(name, next)}
                  />
                }
              >
                <button type="button" className={styles.text} title={text}>
                  {text}
                </button>
              </Toggletip>
            ) : (
              <span className={styles.text} title="This table has no such column: the filter waits for one that has.">
                {text} (no such column here)
              </span>
            )}
            <IconButton
              name="times"
              size="sm"
              aria-label={`Remove the filter ${text}`}
              onClick={() => onChange(name, [])}
            />
          </li>
        );
      })}
      <li>
        <Button size="sm" variant="secondary" fill="text" onClick={onClear}>
          Clear filters
        </Button>
      </li>
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  chips: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: HEIGHTS.strip,
    flexShrink: 0,
    margin: 0,
    padding: theme.spacing(0, 1),
    listStyle: 'none',
    overflowX: 'auto',
    scrollbarWidth: 'none',
  }),
  chip: css({
    display: 'flex',
    alignItems: 'center',
    flexShrink: 0,
    height: 24,
    paddingRight: theme.spacing(0.5),
    borderRadius: theme.shape.radius.pill,
    background: palette(theme).background.secondary,
    border: `1px solid ${palette(theme).border.weak}`,
  }),
  text: css({
    maxWidth: 320,
    height: 22,
    padding: theme.spacing(0, 0.5, 0, 1),
    border: 0,
    background: 'transparent',
    color: palette(theme).text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: '22px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    borderRadius: theme.shape.radius.pill,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}` },
  }),
});
