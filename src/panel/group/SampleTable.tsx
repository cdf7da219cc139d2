import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Button, useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';
import { escapeLine } from '../../shared/escapeText';
import { palette } from '../../shared/palette';
import { formatNumber } from '../text/formatNumber';
import type { Sample, Side } from './readSamples';

/** Characters of a response that a line has room for. */
const EXCERPT = 120;

interface Props {
  samples: readonly Sample[];
  current: string;
  first: Side | undefined;
  second: Side | undefined;
  onCompare: (pair: { first?: Side; second?: Side }) => void;
  onOpen: (sample: Sample) => void;
}

const number = (value: unknown) => (typeof value === 'number' ? formatNumber(value) : '');

/** The rollouts of a group, one a line; two buttons a line choose which two are compared. */
export function SampleTable({ samples, current, first, second, onCompare, onOpen }: Props) {
  const styles = useStyles2(getStyles);
  const name = useId();
  const hasLogged = samples.some(({ logged }) => typeof logged === 'number');
  const pair = { ...(first && { first }), ...(second && { second }) };
  const radio = (side: 'first' | 'second', sample: Sample) => (
    <input
      type="radio"
      name={`${name}-${side}`}
      aria-label={`Compare rollout ${sample.name} as the ${side}`}
      checked={(side === 'first' ? first : second)?.rowId === sample.rowId}
      disabled={(side === 'first' ? second : first)?.rowId === sample.rowId}
      onChange={() => onCompare({ ...pair, [side]: sample })}
    />
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroller} tabIndex={0} aria-label="Rollouts of the group">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" colSpan={2}>
              compare
            </th>
            <th scope="col">#</th>
            <th scope="col">reward</th>
            <th scope="col" title="Recomputed from the rewards of the group">
              advantage
            </th>
            {hasLogged && <th scope="col">logged</th>}
            <th scope="col">chars</th>
            <th scope="col" className={styles.response}>
              response
            </th>
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr
              key={sample.rowId}
              aria-current={sample.rowId === current ? 'true' : undefined}
              className={cx(sample.rowId === current && styles.current)}
            >
              <td className={styles.radio}>{radio('first', sample)}</td>
              <td className={styles.radio}>{radio('second', sample)}</td>
              <td>
                <Button size="sm" fill="text" onClick={() => onOpen(sample)} aria-label={`Open rollout ${sample.name}`}>
                  {sample.name}
                </Button>
              </td>
              <td>{number(sample.reward) || '–'}</td>
              <td>{number(sample.advantage) || '–'}</td>
              {hasLogged && <td>{number(sample.logged) || '–'}</td>}
              <td>{sample.chars?.toLocaleString('en') ?? ''}</td>
              <td className={styles.response}>
                {sample.failure !== null && <span className={styles.flag}>failed ({sample.failure}) </span>}
                {sample.isTruncated && <span className={styles.flag}>truncated </span>}
                <span dir="auto">{excerpt(sample)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The last line of a response, where its answer is; its beginning where the page holds no more of it. */
function excerpt({ response, isCut }: Sample): string {
  if (isCut) {
    return `${escapeLine(response.trimStart().slice(0, EXCERPT))}…`;
  }
  const text = response.trimEnd();
  const line = text.slice(text.lastIndexOf('\n') + 1).trimStart();
  return line.length > EXCERPT ? `${escapeLine(line.slice(0, EXCERPT))}…` : escapeLine(line);
}

const getStyles = (theme: GrafanaTheme2) => ({
  scroller: css({ maxHeight: 260, overflow: 'auto', border: `1px solid ${palette(theme).border.weak}` }),
  table: css({
    width: '100%',
    tableLayout: 'auto',
    fontSize: theme.typography.bodySmall.fontSize,
    fontVariantNumeric: 'tabular-nums',
    '& th': {
      position: 'sticky',
      top: 0,
      background: palette(theme).background.primary,
      color: palette(theme).text.secondary,
      fontWeight: theme.typography.fontWeightRegular,
      whiteSpace: 'nowrap',
    },
    '& th, & td': { padding: theme.spacing(0.25, 0.75), textAlign: 'right', height: 26 },
  }),
  radio: css({ width: 26, '& input': { margin: 0, accentColor: theme.colors.primary.main } }),
  response: css({
    width: '100%',
    maxWidth: 0,
    minWidth: 120,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    '&&': { textAlign: 'left' },
  }),
  flag: css({ color: theme.colors.warning.text }),
  // A bar and weight, no ground: texts of every colour keep their contrast.
  current: css({
    boxShadow: `inset 3px 0 0 ${palette(theme).text.primary}`,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});
