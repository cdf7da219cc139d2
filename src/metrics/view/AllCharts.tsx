import { css } from '@emotion/css';
import React, { useEffect, useRef } from 'react';
import type { Section } from '../data/sectionsOf';
import type { PanelOptions } from '../options';
import type { ChartsModel } from './ChartsModel';
import { GAP, SectionView } from './SectionView';

/** The width that a chart should have at least. */
const LEAST_WIDTH = 240;
/** Room for the scroller's bar and the sections' sides. */
const SIDES = 16 + 12;

interface Props {
  sections: readonly Section[];
  model: ChartsModel;
  options: PanelOptions;
  closed: readonly string[];
  /** Takes the prefixes of closed sections; undefined while a search goes on: what it finds is shown. */
  onClosed: ((closed: string[]) => void) | undefined;
  width: number;
  /** The metric that was shown alone before: its chart has the focus again. */
  cameFrom: string | undefined;
}

/** Every chart in its section; a chart asks for its points when it comes into view. */
export function AllCharts({ sections, model, options, closed, onClosed, width, cameFrom }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { inView } = model;
  useEffect(() => {
    inView.setRoot(scroller.current);
    return () => inView.setRoot(null);
  }, [inView]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when all charts show again
  useEffect(() => {
    const before = [...(scroller.current?.querySelectorAll<HTMLElement>('figure') ?? [])].find(
      (figure) => figure.dataset.metric === cameFrom,
    );
    before?.scrollIntoView({ block: 'center' });
    before?.focus({ preventScroll: true });
  }, []);
  const room = width - SIDES;
  const fit = Math.max(1, Math.floor((room + GAP) / (LEAST_WIDTH + GAP)));
  const columns = Math.min(options.perRow, fit);
  const chartWidth = Math.floor((room - GAP * (columns - 1)) / columns);
  return (
    <div ref={scroller} className={styles.scroller}>
      {sections.map((section) => {
        const isOpen = !onClosed || !closed.includes(section.prefix);
        return (
          <SectionView
            key={section.prefix}
            section={section}
            model={model}
            isOpen={isOpen}
            onToggle={
              onClosed &&
              (() =>
                onClosed(isOpen ? [...closed, section.prefix] : closed.filter((prefix) => prefix !== section.prefix)))
            }
            columns={columns}
            chartWidth={chartWidth}
            chartHeight={options.chartHeight}
          />
        );
      })}
    </div>
  );
}

const styles = { scroller: css({ flex: 1, minHeight: 0, overflow: 'hidden auto' }) };
