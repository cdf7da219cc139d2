import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, IconButton, Toggletip, useStyles2 } from '@grafana/ui';
import React, { type DragEvent } from 'react';
import { palette } from '../../../shared/palette';
import type { TableColumn } from '../../data/TableData';
import { moveColumn, moveColumnTo, toggleColumn } from '../../table/columns';

interface Props {
  columns: readonly TableColumn[];
  /** Names of the visible ones, in order. */
  shown: readonly string[];
  onChange: (shown: readonly string[]) => void;
  /** Names of those that stay at the left edge. */
  pinned: readonly string[];
  onPin: (pinned: readonly string[]) => void;
}

/** Chooses which columns show, in which order, and which stay at the left: by checkbox, by buttons, or by dragging. */
export function ColumnsMenu(props: Props) {
  return (
    <Toggletip placement="top-start" closeButton={false} fitContent content={<ColumnList {...props} />}>
      <Button size="sm" variant="secondary" fill="text">
        Columns...
      </Button>
    </Toggletip>
  );
}

const DRAGGED = 'application/x-rolloscope-column';

function ColumnList({ columns, shown, onChange, pinned, onPin }: Props) {
  const styles = useStyles2(getStyles);
  const hidden = columns.filter(({ name }) => !shown.includes(name));
  const label = (name: string) => columns.find((column) => column.name === name)?.label ?? name;
  const item = (name: string, visible: boolean) => (
    <Checkbox
      label={label(name)}
      value={visible}
      disabled={visible && shown.length === 1}
      onChange={() => onChange(toggleColumn(shown, name))}
    />
  );
  return (
    <section className={styles.menu} aria-label="Columns">
      <ul className={styles.list} aria-label="Visible columns, in order">
        {shown.map((name, i) => (
          <li
            key={name}
            className={styles.item}
            draggable
            onDragStart={(event: DragEvent) => event.dataTransfer.setData(DRAGGED, name)}
            onDragOver={(event: DragEvent) => event.preventDefault()}
            onDrop={(event: DragEvent) => {
              event.preventDefault();
              onChange(moveColumnTo(shown, event.dataTransfer.getData(DRAGGED), i));
            }}
          >
            {item(name, true)}
            <span className={styles.moves}>
              <IconButton
                name={pinned.includes(name) ? 'lock' : 'unlock'}
                size="sm"
                variant={pinned.includes(name) ? 'primary' : 'secondary'}
                aria-label={`Pin ${label(name)} to the left`}
                aria-pressed={pinned.includes(name)}
                onClick={() => onPin(pinned.includes(name) ? pinned.filter((one) => one !== name) : [...pinned, name])}
              />
              <IconButton
                name="arrow-up"
                size="sm"
                aria-label={`Move ${label(name)} up`}
                disabled={i === 0}
                onClick={() => onChange(moveColumn(shown, name, -1))}
              />
              <IconButton
                name="arrow-down"
                size="sm"
                aria-label={`Move ${label(name)} down`}
                disabled={i === shown.length - 1}
                onClick={() => onChange(moveColumn(shown, name, 1))}
              />
            </span>
          </li>
        ))}
      </ul>
      {hidden.length > 0 && (
        <ul className={styles.hidden} aria-label="Hidden columns">
          {hidden.map(({ name }) => (
            <li key={name} className={styles.item}>
              {item(name, false)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => {
  const list = { listStyle: 'none', margin: 0, padding: 0 };
  return {
    menu: css({ minWidth: 200, maxWidth: 320, maxHeight: 360, overflowY: 'auto' }),
    list: css(list),
    hidden: css({
      ...list,
      marginTop: theme.spacing(0.5),
      paddingTop: theme.spacing(0.5),
      borderTop: `1px solid ${palette(theme).border.weak}`,
    }),
    item: css({
      display: 'flex',
      justifyContent: 'space-between',
      alignItems: 'center',
      gap: theme.spacing(2),
      minHeight: 28,
      overflowWrap: 'anywhere',
    }),
    moves: css({ display: 'flex', flexShrink: 0 }),
  };
};
