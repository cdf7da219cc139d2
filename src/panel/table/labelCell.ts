import type { LabelColumn } from '@rolloscope/contract/names';
import { escapeLine } from '../../shared/escapeText';
import type { Page, TableColumn } from '../data/TableData';
import { countText } from '../text/countText';

/** The column that stands for all labels of a row: sorting and filtering it is by the newest verdict. */
export const LABEL_CELL = 'labelVerdict' satisfies LabelColumn;

/** Further columns that its cells are made of, of those that a table has. */
export function labelColumns(columns: readonly TableColumn[], shown: readonly string[]): string[] {
  return shown.includes(LABEL_CELL) ? columns.flatMap(({ name, isLabel }) => (isLabel ? name : [])) : [];
}

/** Returns what a cell of labels shows, and what that means in words; both are empty where nobody said anything. */
export function labelCell(page: Page, row: number): { text: string; means: string } {
  const cell = (name: LabelColumn) => page.cell(row, name) ?? undefined;
  const [stars, verdicts] = [Number(cell('labelStars') ?? 0), Number(cell('labelVerdicts') ?? 0)];
  const [verdict, comment, people] = [cell('labelVerdict'), cell('labelComment'), cell('labelPeople')].map((one) =>
    one === undefined ? '' : escapeLine(String(one)),
  );
  const signs = [stars > 0 && `★${stars > 1 ? stars : ''}`, verdict, verdicts > 1 && '≠', comment && '✎'];
  const words = [
    stars > 0 && countText(stars, 'star'),
    verdict && (verdicts > 1 ? `${verdict}, the newest of ${verdicts} different verdicts` : verdict),
    comment && `“${comment}”`,
    people && `by ${people}`,
  ];
  return { text: signs.filter(Boolean).join(' '), means: words.filter(Boolean).join('; ') };
}
