import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Alert, Button, Icon, LoadingPlaceholder, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';
import { escapeLine } from '../../shared/escapeText';
import { palette } from '../../shared/palette';
import type { Paint } from '../color/paint';
import { cellReward } from '../data/cellValues';
import type { Page, TableColumn, TableData, WholeRow } from '../data/TableData';
import { useLoaded } from '../data/useLoaded';
import { formatNumber } from '../text/formatNumber';
import { loadHistory } from './loadHistory';
import type { Attempt } from './promptHistory';
import type { Side } from './readSamples';

/** Lines that are drawn at first, and with each request for more. */
const LINES = 200;

interface Props {
  data: TableData;
  columns: readonly TableColumn[];
  cells: WholeRow;
  paintOf: (reward: unknown) => Paint | undefined;
  onOpenRow: (page: Page, row: number) => void;
  /** Shows a step, and its run, in the whole dashboard; left out where nothing holds a choice of steps. */
  onGo?: ((run: string, step: number) => void) | undefined;
  /** Compares a rollout of another step with the best of this group. */
  onCompare: (side: Side) => void;
}

const SCOPES = [
  { value: 'query', label: 'These runs' },
  { value: 'all', label: 'All runs' },
];

/** The same prompt at every step, in these runs or in all: what it earned, and whether that went up or down. */
export function PromptHistory({ data, columns, cells, paintOf, onOpenRow, onGo, onCompare }: Props) {
  const styles = useStyles2(getStyles);
  const [scope, setScope] = useState('query');
  const [shown, setShown] = useState(LINES);
  const prompt = String(
    cells.get('promptHash') ?? cells.get(columns.find(({ role }) => role === 'prompt')?.name ?? ''),
  );
  const history = useLoaded(`${data.key} ${scope} ${prompt}`, (signal) =>
    loadHistory(data, columns, cells, scope === 'all', signal),
  );
  const step = columns.find(({ role }) => role === 'step')?.name;
  const run = String(cells.get('run') ?? '');
  const isHere = (one: Attempt) => one.step === cells.get(step ?? '') && (one.run === '' || one.run === run);
  const { page, total = 0, attempts = [] } = history.value ?? {};
  const rewardColumn = (columns.find(({ role }) => role === 'reward') ?? columns.find(({ role }) => role === 'correct'))
    ?.name;
  const hasRuns = columns.some(({ name }) => name === 'run');
  if (data.excerpt && attempts.length < 2) {
    // A file cannot tell where else the prompt was sampled.
    return null;
  }
  return (
    <section aria-label="The same prompt elsewhere">
      <div className={styles.line}>
        <h4 className={styles.title}>
          The same prompt over steps{hasRuns && ' and runs'}
          {data.excerpt && ', as far as they are in this file'}
        </h4>
        {hasRuns && data.knowsAllRuns && (
          <RadioButtonGroup size="sm" options={SCOPES} value={scope} onChange={setScope} aria-label="Runs" />
        )}
      </div>
      {history.fault !== undefined && (
        <Alert title="Other steps could not be read" severity="error" buttonContent="Retry" onRemove={history.retry}>
          {history.fault}
        </Alert>
      )}
      {!history.value && history.isLoading && <LoadingPlaceholder text="Looking for the prompt at other steps…" />}
      {attempts.length === 1 && (
        <p className={styles.note}>It was sampled nowhere else{scope === 'query' && hasRuns && ' in these runs'}.</p>
      )}
      {page && attempts.length > 1 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section ref={showCurrent} className={styles.scroller} aria-label="Steps with this prompt" tabIndex={0}>
          <table className={styles.table}>
            <thead>
              <tr>
                {hasRuns && (
                  <th scope="col" className={styles.run}>
                    run
                  </th>
                )}
                <th scope="col">step</th>
                <th scope="col">rollouts</th>
                <th scope="col">{`mean ${rewardColumn ?? 'verdict'}`}</th>
                <th scope="col">change</th>
                <th scope="col" className={styles.actions}>
                  read
                </th>
              </tr>
            </thead>
            <tbody>
              {attempts.slice(0, shown).map((one) => {
                const paint = paintOf(one.mean);
                const where = `step ${one.step}${one.run && ` of ${one.run}`}`;
                return (
                  <tr
                    key={`${one.run} ${one.step}`}
                    aria-current={isHere(one) ? 'true' : undefined}
                    className={cx(isHere(one) && styles.current)}
                  >
                    {hasRuns && (
                      <td className={styles.run} title={one.run}>
                        {escapeLine(one.run)}
                      </td>
                    )}
                    <td>
                      {onGo && one.step !== null ? (
                        <Button
                          size="sm"
                          fill="text"
                          aria-label={`Go to ${where}`}
                          onClick={() => one.step !== null && onGo(one.run, one.step)}
                        >
                          {String(one.step)}
                        </Button>
                      ) : (
                        (one.step ?? '–')
                      )}
                    </td>
                    <td>{one.n}</td>
                    <td>
                      <span
                        className={styles.mean}
                        style={paint && { background: paint.background, color: paint.text }}
                      >
                        {one.mean === null ? '–' : formatNumber(one.mean)}
                      </span>
                    </td>
                    <td>
                      <Change value={one.change} />
                    </td>
                    <td className={styles.actions}>
                      <Button
                        size="sm"
                        fill="text"
                        aria-label={`Open the best of ${where}`}
                        onClick={() => onOpenRow(page, one.best)}
                      >
                        {one.n > 1 ? 'Best' : 'Open'}
                      </Button>
                      {one.n > 1 && (
                        <Button
                          size="sm"
                          fill="text"
                          aria-label={`Open the worst of ${where}`}
                          onClick={() => onOpenRow(page, one.worst)}
                        >
                          Worst
                        </Button>
                      )}
                      <Button
                        size="sm"
                        fill="text"
                        aria-label={`Compare with the best of ${where}`}
                        onClick={() => onCompare(sideOf(page, one, rewardColumn, run))}
                      >
                        Compare
                      </Button>
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
      {attempts.length > shown && (
        <Button size="sm" variant="secondary" onClick={() => setShown(shown + LINES)}>
          {`Show more (${shown} of ${attempts.length})`}
        </Button>
      )}
      {page && page.count < total && (
        <p className={styles.note}>
          Of the newest {page.count.toLocaleString('en')} of {total.toLocaleString('en')} rollouts.
        </p>
      )}
    </section>
  );
}

/** Brings the line of the row that is being read into view, within the list alone. */
function showCurrent(scroller: HTMLElement | null): void {
  const current = scroller?.querySelector<HTMLElement>('[aria-current]');
  if (scroller && current) {
    scroller.scrollTop = current.offsetTop - scroller.clientHeight / 2;
  }
}

/** `here` is the run that is being read: only another one is named. */
function sideOf(page: Page, { run, step, best }: Attempt, reward: string | undefined, here: string): Side {
  const name = [run !== here && run, step !== null && `step ${step}`].filter(Boolean).join(', ') || run;
  return { page, row: best, rowId: page.rowId(best), name, reward: cellReward(reward && page.cell(best, reward)) };
}

function Change({ value }: { value: number | undefined }) {
  const styles = useStyles2(getStyles);
  if (value === undefined) {
    return <>–</>;
  }
  if (value === 0) {
    return <>0</>;
  }
  const isUp = value > 0;
  const amount = formatNumber(Math.abs(value));
  return (
    <span
      role="img"
      aria-label={`${isUp ? 'improved' : 'regressed'} by ${amount}`}
      className={isUp ? styles.up : styles.down}
    >
      <Icon name={isUp ? 'arrow-up' : 'arrow-down'} size="sm" /> {amount}
    </span>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  line: css({ display: 'flex', alignItems: 'center', flexWrap: 'wrap', gap: theme.spacing(1), marginBottom: 4 }),
  title: css({ flex: 1, margin: 0, whiteSpace: 'nowrap', fontSize: theme.typography.body.fontSize }),
  note: css({ margin: 0, color: palette(theme).text.secondary, fontSize: theme.typography.bodySmall.fontSize }),
  scroller: css({ position: 'relative', maxHeight: 280, overflow: 'auto' }),
  table: css({
    width: '100%',
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '& th': {
      position: 'sticky',
      top: 0,
      background: palette(theme).background.primary,
      color: palette(theme).text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
    },
    '& th, & td': { padding: theme.spacing(0.25, 0.75), textAlign: 'right', height: 26 },
    '& tbody tr': { borderTop: `1px solid ${palette(theme).border.weak}` },
  }),
  run: css({
    maxWidth: 160,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '&&': { textAlign: 'left' },
  }),
  mean: css({ display: 'inline-block', minWidth: 52, padding: '0 6px', borderRadius: theme.shape.radius.default }),
  actions: css({ whiteSpace: 'nowrap', width: 1 }),
  // A bar and weight, no ground: texts of every colour keep their contrast.
  current: css({
    boxShadow: `inset 3px 0 0 ${palette(theme).text.primary}`,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  up: css({ color: theme.colors.primary.text, whiteSpace: 'nowrap' }),
  down: css({ color: theme.colors.warning.text, whiteSpace: 'nowrap' }),
});
