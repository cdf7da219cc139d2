import type { DataFrame, FieldConfigSource, GrafanaTheme2 } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';
import type { Role } from '@rolloscope/contract/types';
import { useMemo } from 'react';
import { palette } from '../../../shared/palette';
import type { ColorScale } from '../../color/ColorScale';
import { cellPaint, type Ground } from '../../color/paint';
import { paintRow, type RowPaint } from '../../color/paintRow';
import { readColorScale } from '../../color/readColorScale';
import type { Page, TableColumn } from '../../data/TableData';
import type { PanelOptions } from '../../options';

export interface Paints {
  /** The scale of the column that rows are coloured by; undefined where the table has none. */
  scale: ColorScale | undefined;
  ground: Ground;
  /** Columns that are read for it. */
  columns: readonly string[];
  paintOf: (page: Page, row: number) => RowPaint;
  /** The colours of a reward that stands by itself; undefined where it has none. */
  paintReward: (reward: unknown) => ReturnType<typeof cellPaint> | undefined;
  /** Returns the colour behind a cell of a reward function, each on its own scale. */
  paintPart: (column: string, value: unknown) => string | undefined;
}

/** Returns how rows and the cells of reward functions are coloured. */
export function usePaints(
  columns: readonly TableColumn[],
  frame: DataFrame,
  { colorColumn, colorBy }: PanelOptions,
  fieldConfig: FieldConfigSource,
): Paints {
  const theme = useTheme2();
  return useMemo(() => {
    const inRole = (wanted: Role) => columns.find(({ role }) => role === wanted);
    const main = columns.find(({ name }) => name === colorColumn) ?? inRole('reward') ?? inRole('correct');
    const scaleOf = (column: TableColumn) => readColorScale(column, frame, fieldConfig, theme);
    const scale = main && scaleOf(main);
    const parts = new Map(
      columns
        .filter((column) => column.role === 'rewardPart' && column !== main)
        .map((column) => [column.name, scaleOf(column)]),
    );
    const ground = groundOf(theme);
    return {
      scale,
      ground,
      columns: main ? [main.name] : [],
      paintOf: (page, row) => paintRow(scale?.colorOf(page.cell(row, scale.column)), colorBy, ground),
      paintReward: (reward) => {
        const color = scale?.colorOf(reward);
        return color && cellPaint(color.color, color.strength, ground);
      },
      paintPart: (column, value) => paintRow(parts.get(column)?.colorOf(value), 'row', ground).row,
    };
  }, [columns, frame, colorColumn, colorBy, fieldConfig, theme]);
}

function groundOf(theme: GrafanaTheme2): Ground {
  const { background, text } = palette(theme);
  return { background: background.primary, text: text.primary, faintText: text.secondary };
}
