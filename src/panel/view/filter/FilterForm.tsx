import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Checkbox, Input, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import type { ColumnFacet, Condition } from '@rolloscope/contract/types';
import React, { type KeyboardEvent, useState } from 'react';
import { palette } from '../../../shared/palette';
import type { Narrowing, TableColumn, TableData } from '../../data/TableData';
import { useLoaded } from '../../data/useLoaded';
import { type ColumnFilter, readColumnFilter, valueText, writeColumnFilter } from '../../table/columnFilter';
import { formatCount } from '../../text/formatCount';
import { formatNumber } from '../../text/formatNumber';

export interface FilterFormProps {
  data: TableData;
  column: TableColumn;
  /** Everything else that narrows the table: the counts are of what it leaves. */
  narrowing: Narrowing;
  onChange: (conditions: readonly Condition[]) => void;
}

/** Conditions on one column: a range of numbers, a part of a text, a set of values with their counts. */
export function FilterForm({ data, column, narrowing, onChange }: FilterFormProps) {
  const styles = useStyles2(getStyles);
  const own = (narrowing.filter ?? []).flatMap((part) =>
    'column' in part && part.column === column.name ? [part] : [],
  );
  const others: Narrowing = {
    ...narrowing,
    filter: narrowing.filter?.filter((part) => !('column' in part) || part.column !== column.name),
  };
  const [draft, setDraft] = useState(() => readColumnFilter(own));
  const [like, setLike] = useState('');
  const facet = useLoaded(JSON.stringify([data.key, column.name, others, like]), (signal) =>
    data.loadFacet(column.name, others, like, signal),
  );
  const change = (next: ColumnFilter) => {
    setDraft(next);
    onChange(writeColumnFilter(column.name, next));
  };
  const apply = () => onChange(writeColumnFilter(column.name, draft));
  const onKeyDown = (event: KeyboardEvent) => {
    // By itself a form of two inputs and no button to submit it does nothing.
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') {
      event.preventDefault();
      apply();
    }
  };
  const isNumber = column.type === 'number' || column.type === 'time';
  return (
    <form className={styles.form} onKeyDown={onKeyDown} aria-label={`Filter ${column.label}`}>
      {isNumber && <Range draft={draft} facet={facet.value} onDraft={setDraft} onChange={change} />}
      {(column.type === 'string' || column.type === 'json') && (
        <Input
          aria-label={`${column.label} contains`}
          placeholder="Contains"
          value={draft.text ?? ''}
          onChange={(event) => setDraft(withText(draft, event.currentTarget.value))}
          onBlur={apply}
        />
      )}
      {facet.fault !== undefined ? (
        <p className={styles.faint}>Its values could not be read: {facet.fault}</p>
      ) : facet.value ? (
        <Values facet={facet.value} like={like} onLike={setLike} draft={draft} onChange={change} />
      ) : (
        <LoadingPlaceholder text="Counting its values…" />
      )}
      <Button
        size="sm"
        variant="secondary"
        fill="text"
        disabled={own.length === 0 && Object.keys(draft).length === 0}
        onClick={() => change({})}
      >
        Clear this filter
      </Button>
    </form>
  );
}

const withText = ({ text: _, ...draft }: ColumnFilter, text: string): ColumnFilter =>
  text === '' ? draft : { ...draft, text };

interface RangeProps {
  draft: ColumnFilter;
  facet: ColumnFacet | undefined;
  onDraft: (draft: ColumnFilter) => void;
  onChange: (draft: ColumnFilter) => void;
}

function Range({ draft, facet, onDraft, onChange }: RangeProps) {
  const styles = useStyles2(getStyles);
  const bound = (name: 'from' | 'to', label: string, hint: number | undefined) => (
    <Input
      type="number"
      step="any"
      width={14}
      aria-label={label}
      placeholder={hint === undefined ? label : `${label} ${formatNumber(hint)}`}
      value={draft[name] ?? ''}
      onChange={(event) => {
        const { [name]: _, ...rest } = draft;
        const value = event.currentTarget.valueAsNumber;
        onDraft(Number.isFinite(value) ? { ...rest, [name]: value } : rest);
      }}
      onBlur={() => onChange(draft)}
    />
  );
  return (
    <div className={styles.range}>
      {bound('from', 'From', facet?.min)}
      {bound('to', 'To', facet?.max)}
    </div>
  );
}

/** More values than these are looked for by typing. */
const SHOWN_VALUES = 50;

interface ValuesProps {
  facet: ColumnFacet;
  like: string;
  onLike: (like: string) => void;
  draft: ColumnFilter;
  onChange: (draft: ColumnFilter) => void;
}

function Values({ facet, like, onLike, draft, onChange }: ValuesProps) {
  const styles = useStyles2(getStyles);
  const chosen = draft.values ?? [];
  const has = (value: unknown) => chosen.some((one) => one === value);
  const listed = [
    ...facet.values,
    ...chosen.filter((value) => !facet.values.some((one) => one.value === value)).map((value) => ({ value, rows: 0 })),
  ].filter(({ value }) => typeof value !== 'object');
  const toggle = (value: unknown) => {
    const { values: _, ...rest } = draft;
    const next = has(value) ? chosen.filter((one) => one !== value) : [...chosen, value];
    onChange(next.length > 0 ? { ...rest, values: next } : rest);
  };
  const { isEmpty: _, ...filled } = draft;
  return (
    <>
      {(facet.distinct > SHOWN_VALUES || like !== '') && (
        <Input
          aria-label="Look for a value"
          placeholder={`Look in ${formatCount(facet.distinct)} values`}
          value={like}
          onChange={(event) => onLike(event.currentTarget.value)}
        />
      )}
      <ul className={styles.values} aria-label="Values">
        {listed.map(({ value, rows }) => (
          <li key={`${typeof value} ${valueText(value)}`} className={styles.value}>
            <Checkbox label={cutValue(valueText(value))} value={has(value)} onChange={() => toggle(value)} />
            <span className={styles.faint}>{formatCount(rows)}</span>
          </li>
        ))}
        {(facet.nulls > 0 || draft.isEmpty !== undefined) && (
          <li className={styles.value}>
            <Checkbox
              label="(empty)"
              value={draft.isEmpty === true}
              onChange={() => onChange(draft.isEmpty === true ? filled : { isEmpty: true })}
            />
            <span className={styles.faint}>{formatCount(facet.nulls)}</span>
          </li>
        )}
      </ul>
    </>
  );
}

const LONGEST = 60;
const cutValue = (text: string) =>
  text === '' ? '(empty text)' : text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;

const getStyles = (theme: GrafanaTheme2) => ({
  form: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'stretch',
    gap: theme.spacing(1),
    width: 260,
    '& > button': { alignSelf: 'flex-start' },
  }),
  range: css({ display: 'flex', gap: theme.spacing(1) }),
  values: css({ listStyle: 'none', margin: 0, padding: 0, maxHeight: 220, overflowY: 'auto' }),
  value: css({
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 26,
    overflowWrap: 'anywhere',
  }),
  faint: css({
    margin: 0,
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
  }),
});
