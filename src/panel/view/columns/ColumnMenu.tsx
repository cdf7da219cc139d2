import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, IconButton, Toggletip, useStyles2 } from '@grafana/ui';
import type { OrderBy } from '@rolloscope/contract/types';
import React from 'react';
import { palette } from '../../../shared/palette';
import { describeColumn } from '../../table/describeColumn';
import { FilterForm, type FilterFormProps } from '../filter/FilterForm';

export interface ColumnActions extends Omit<FilterFormProps, 'column' | 'onChange'> {
  orderBy: OrderBy;
  pinned: readonly string[];
  onOrder: (orderBy: OrderBy) => void;
  onFilter: (column: string, conditions: Parameters<FilterFormProps['onChange']>[0]) => void;
  onPin: (columns: readonly string[]) => void;
  /** Hides the column; undefined where it is the last one. */
  onHide: ((column: string) => void) | undefined;
  /** Sets the column's width in pixels; undefined: the width that it would have by itself. */
  onResize: (column: string, width: number | undefined) => void;
}

interface Props extends ColumnActions {
  column: FilterFormProps['column'];
  /** The column's width as it is now, in pixels. */
  width: number;
}

/** The factor by which a column gets wider or narrower at once. */
const WIDER = 1.25;

/** All that can be done with a column, and what it stands for. */
export function ColumnMenu(props: Props) {
  return (
    <Toggletip placement="bottom-start" closeButton={false} fitContent content={<Content {...props} />}>
      <IconButton name="ellipsis-v" size="sm" tooltip={`Column menu: ${props.column.label}`} />
    </Toggletip>
  );
}

function Content(props: Props) {
  const { column, width, data, narrowing, orderBy, pinned, onOrder, onFilter, onPin, onHide, onResize } = props;
  const styles = useStyles2(getStyles);
  const { name } = column;
  const others = orderBy.filter((entry) => entry.column !== name);
  const isPinned = pinned.includes(name);
  const action = (text: string, onClick: () => void) => (
    <Button size="sm" variant="secondary" fill="text" onClick={onClick}>
      {text}
    </Button>
  );
  return (
    <section className={styles.menu} aria-label={`Column ${column.label}`}>
      <p className={styles.about}>{describeColumn(column)}</p>
      <div className={styles.actions}>
        {action('Sort ascending', () => onOrder([{ column: name, direction: 'asc' }]))}
        {action('Sort descending', () => onOrder([{ column: name, direction: 'desc' }]))}
        {others.length > 0 && action('Sort by it, too', () => onOrder([...others, { column: name, direction: 'asc' }]))}
        {action(isPinned ? 'Unpin' : 'Pin to the left', () =>
          onPin(isPinned ? pinned.filter((one) => one !== name) : [...pinned, name]),
        )}
        {onHide && action('Hide', () => onHide(name))}
        {action('Wider', () => onResize(name, width * WIDER))}
        {action('Narrower', () => onResize(name, width / WIDER))}
        {action('Fit the width', () => onResize(name, undefined))}
      </div>
      <FilterForm
        data={data}
        column={column}
        narrowing={narrowing}
        onChange={(conditions) => onFilter(name, conditions)}
      />
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  menu: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1), width: 260 }),
  about: css({ margin: 0, color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  actions: css({ display: 'flex', flexWrap: 'wrap', marginLeft: theme.spacing(-1) }),
});
