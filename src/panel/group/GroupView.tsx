import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, LoadingPlaceholder, useStyles2 } from '@grafana/ui';
import React, { useEffect, useMemo, useState } from 'react';
import { palette } from '../../shared/palette';
import type { Paint } from '../color/paint';
import type { Page, TableColumn, TableData, WholeRow } from '../data/TableData';
import { useLoaded } from '../data/useLoaded';
import { GroupFacts } from './GroupFacts';
import { loadGroup } from './loadGroup';
import { PromptHistory } from './PromptHistory';
import { RewardStrip } from './RewardStrip';
import { endsOf, readSamples, type Side } from './readSamples';
import { SampleTable } from './SampleTable';
import { TextDiff } from './TextDiff';

export interface GroupProps {
  data: TableData;
  columns: readonly TableColumn[];
  /** The row whose group it is, uncut. */
  cells: WholeRow;
  rowId: string;
  /** Paints a reward as the table does; undefined for one without a colour. */
  paintOf: (reward: unknown) => Paint | undefined;
  /** Shows another row of the group, or of the same prompt elsewhere. */
  onOpenRow: (page: Page, row: number) => void;
  /** Shows another step, and its run, in the whole dashboard. */
  onGo?: ((run: string, step: number) => void) | undefined;
  /** The pair that is compared at first where the group has the first of them; else it is the best and the worst. */
  compared?: Pair | undefined;
  /** Saves the group as a file of its own, with what is compared; left out where it is in one already. */
  onSave?: (group: Page, pair: Partial<Pair>, reading: string) => void;
}

/** The two rollouts that are compared. */
interface Pair {
  first: Side;
  second: Side;
}

/** All rollouts of one prompt at one step: rewards, advantages, any two word by word, and the prompt at other steps. */
export function GroupView(props: GroupProps) {
  const { data, columns, cells, rowId, paintOf, onOpenRow, onGo, onSave } = props;
  const styles = useStyles2(getStyles);
  const group = useLoaded(`${data.key} ${rowId}`, (signal) => loadGroup(data, columns, cells, signal));
  const samples = useMemo(
    () => (group.value ? readSamples(group.value.page, columns, data.excerpt !== 'rows') : undefined),
    [group.value, columns, data.excerpt],
  );
  const [chosen, choose] = useState<Partial<Pair>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was chosen belongs to the group that showed
  useEffect(() => choose({}), [group.value]);

  if (group.fault !== undefined) {
    return (
      <Alert title="The group could not be read" severity="error" buttonContent="Retry" onRemove={group.retry}>
        {group.fault}
      </Alert>
    );
  }
  if (!samples || !group.value) {
    return group.isLoading ? (
      <LoadingPlaceholder text="Loading the group…" />
    ) : (
      <p className={styles.note}>
        Nothing tells which rows share a prompt: the table has no column in the role of a prompt or a group id.
      </p>
    );
  }
  const { page, total, by } = group.value;
  const [best, worst] = endsOf(samples);
  const isOf = props.compared && samples.some((sample) => sample.rowId === props.compared?.first.rowId);
  const { first = best, second = worst === first ? undefined : worst }: Partial<Pair> = {
    ...(isOf && props.compared),
    ...chosen,
  };
  return (
    <section className={styles.group} aria-label="Group">
      <GroupFacts samples={samples} total={total} by={by} isPart={data.excerpt === 'rows'} />
      {samples.length > 1 && (
        <>
          <RewardStrip
            samples={samples}
            current={rowId}
            paintOf={paintOf}
            onOpen={(sample) => onOpenRow(page, sample.row)}
          />
          <SampleTable
            samples={samples}
            current={rowId}
            first={first}
            second={second}
            onCompare={choose}
            onOpen={(sample) => onOpenRow(page, sample.row)}
          />
        </>
      )}
      {onSave && (
        <div>
          <Button
            size="sm"
            variant="secondary"
            icon="save"
            onClick={() => onSave(page, { ...(first && { first }), ...(second && { second }) }, rowId)}
          >
            Save as HTML…
          </Button>
        </div>
      )}
      {first && second && <TextDiff data={data} columns={columns} first={first} second={second} />}
      <PromptHistory
        data={data}
        columns={columns}
        cells={cells}
        paintOf={paintOf}
        onOpenRow={onOpenRow}
        onGo={onGo}
        onCompare={(second) => choose({ ...(first && { first }), second })}
      />
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(1.5), minWidth: 0 }),
  note: css({ margin: 0, color: palette(theme).text.secondary }),
});
