import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, Spinner, useStyles2 } from '@grafana/ui';
import { scoreRole } from '@rolloscope/contract/lenses';
import type { Condition, Lens, LensCount } from '@rolloscope/contract/types';
import React from 'react';
import { palette } from '../../../shared/palette';
import type { Narrowing, TableData } from '../../data/TableData';
import { HEIGHTS } from '../../table/panelLayout';
import type { TextSearch } from '../../text/compileSearch';
import { formatCount } from '../../text/formatCount';
import { AddFilter } from '../filter/AddFilter';
import { FailureSwitch } from './FailureSwitch';
import { LensBar } from './LensBar';
import { SearchBox } from './SearchBox';

interface Props {
  data: TableData;
  narrowing: Narrowing;
  /** Rows that match; undefined while they are looked for. */
  found: number | undefined;
  isBusy: boolean;
  /** Share of the work that is done, 0–1, where that is known. */
  progress: number | undefined;
  onCancel: () => void;
  counts: readonly LensCount[] | undefined;
  lens: Lens | undefined;
  onLens: (lens: Lens | undefined) => void;
  onSearch: (search: TextSearch | undefined) => void;
  onFilter: (column: string, conditions: readonly Condition[]) => void;
}

function SearchProgress({ share }: { share: number | undefined }) {
  const percent = share === undefined ? undefined : Math.round(share * 100);
  return (
    <>
      <Spinner inline size="sm" />{' '}
      <span role="progressbar" aria-label="Searching" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent}>
        {percent === undefined ? 'Searching…' : `${percent} %`}
      </span>
    </>
  );
}

function scoredBy({ columns }: TableData): string | undefined {
  const isByRight = scoreRole(columns.map(({ role }) => role)) === 'correct';
  return isByRight ? columns.find(({ role }) => role === 'correct')?.name : undefined;
}

/** Search, filter and lenses in one slim line. */
export function TableToolbar(props: Props) {
  const { data, narrowing, found, isBusy, progress, onCancel } = props;
  const styles = useStyles2(getStyles);
  const { search } = narrowing;
  return (
    <div className={styles.toolbar}>
      <SearchBox search={search} onSearch={props.onSearch} />
      {search && (
        <span className={styles.found}>
          {isBusy && <SearchProgress share={progress} />}
          <span role="status">
            {!isBusy && found !== undefined && `${formatCount(found)} ${found === 1 ? 'row' : 'rows'}`}
          </span>
        </span>
      )}
      {isBusy && search && (
        <Button size="sm" variant="secondary" fill="text" onClick={onCancel}>
          Cancel
        </Button>
      )}
      <AddFilter data={data} narrowing={narrowing} onChange={props.onFilter} />
      <FailureSwitch columns={data.columns} narrowing={narrowing} onFilter={props.onFilter} />
      <LensBar counts={props.counts} scoredBy={scoredBy(data)} lens={props.lens} onLens={props.onLens} />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  toolbar: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: HEIGHTS.toolbar,
    flexShrink: 0,
    padding: theme.spacing(0, 1),
    minWidth: 0,
  }),
  found: css({
    flexShrink: 0,
    minWidth: 60,
    color: palette(theme).text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  }),
});
