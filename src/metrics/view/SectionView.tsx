import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { palette } from '../../shared/palette';
import { prefixOf, type Section } from '../data/sectionsOf';
import { ChartFrame } from './ChartFrame';
import type { ChartsModel } from './ChartsModel';

/** Pixels between charts. */
export const GAP = 8;

interface Props {
  section: Section;
  model: ChartsModel;
  isOpen: boolean;
  /** Closes or opens the section; undefined where it cannot be closed, as while a search goes on. */
  onToggle: (() => void) | undefined;
  /** Charts side by side. */
  columns: number;
  chartWidth: number;
  chartHeight: number;
}

/** The charts of the metrics that share a prefix, under a head that stays in view and closes them. */
export function SectionView({ section, model, isOpen, onToggle, columns, chartWidth, chartHeight }: Props) {
  const styles = useStyles2(getStyles);
  const { prefix, metrics } = section;
  const name = prefix === '' ? 'Without a prefix' : prefix;
  return (
    <section className={styles.section} aria-label={name}>
      <h3 className={styles.head}>
        <button type="button" className={styles.toggle} aria-expanded={isOpen} disabled={!onToggle} onClick={onToggle}>
          <Icon name={isOpen ? 'angle-down' : 'angle-right'} />
          <span className={styles.name} title={name}>
            {name}
          </span>
          <span className={styles.count}>{metrics.length}</span>
        </button>
      </h3>
      {isOpen && (
        <div className={styles.grid} style={{ gridTemplateColumns: `repeat(${columns}, ${chartWidth}px)` }}>
          {metrics.map((metric) => (
            <ChartFrame
              key={metric.name}
              model={model}
              metric={metric}
              title={prefixOf(metric.name) === '' ? metric.name : metric.name.slice(prefix.length + 1)}
              width={chartWidth}
              height={chartHeight}
            />
          ))}
        </div>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  section: css({ padding: theme.spacing(0, 1) }),
  head: css({
    position: 'sticky',
    zIndex: 4,
    top: 0,
    margin: 0,
    background: palette(theme).background.primary,
    fontSize: theme.typography.body.fontSize,
  }),
  toggle: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    width: '100%',
    height: 32,
    padding: 0,
    border: 0,
    background: 'transparent',
    color: palette(theme).text.primary,
    textAlign: 'left',
    '&:focus-visible': { outline: `2px solid ${palette(theme).primary.border}` },
  }),
  name: css({ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', fontWeight: 500 }),
  count: css({ color: palette(theme).text.secondary, fontWeight: 400 }),
  grid: css({ display: 'grid', gap: GAP, paddingBottom: theme.spacing(1) }),
});
