import type { TableColumn, WholeRow } from '../../data/TableData';
import { readableText } from '../../text/readableText';
import { ROLE_NAMES } from '../conversation/TurnView';
import type { Section } from '../transcript/readTranscript';
import type { Turn } from '../transcript/Turn';

export const COPY_FORMATS = { text: 'Copy as text', markdown: 'Copy as Markdown', json: 'Copy as JSON' } as const;
export type CopyFormat = keyof typeof COPY_FORMATS;

const speaker = ({ role, name }: Turn) => ROLE_NAMES[role] + (name === undefined ? '' : ` (${name})`);

/** A row as somebody else can use it: the conversation as text or Markdown, or every cell as JSON. */
export function copyRow(format: CopyFormat, cells: WholeRow, sections: readonly Section[]): string {
  const turns = sections.flatMap((section) => section.turns);
  switch (format) {
    case 'text':
      return turns.map((turn) => `${speaker(turn)}:\n${turn.text.trim()}`).join('\n\n');
    case 'markdown':
      return turns.map((turn) => `### ${speaker(turn)}\n\n${fenced(turn.text.trim())}`).join('\n\n');
    case 'json':
      return JSON.stringify(Object.fromEntries(cells), null, 2);
  }
}

/** A block of code that its text cannot end, so that a pasted rollout stays text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** Characters of an excerpt where nothing is selected. */
const EXCERPT = 600;

/**
 * A finding to paste into a note or an issue: the reward, the step, what is selected (else how the rollout ends), and
 * a link to the row.
 */
export function findingText(
  cells: WholeRow,
  columns: readonly TableColumn[],
  sections: readonly Section[],
  selected: string,
  link: string,
): string {
  const facts = (['reward', 'rewardPart', 'step', 'groundTruth'] as const)
    .flatMap((role) => columns.filter((column) => column.role === role))
    .map(({ name, label }) => [label, readableText(cells.get(name))] as const)
    .filter(([, value]) => value !== '' && value.length <= 60)
    .map(([label, value]) => `${label} ${value}`);
  const run = readableText(cells.get('run'));
  const last = sections.at(-1)?.turns.at(-1)?.text.trim() ?? '';
  const excerpt = selected.trim() || (last.length > EXCERPT ? `…${last.slice(-EXCERPT)}` : last);
  return [[...facts, ...(run === '' ? [] : [`run ${run}`])].join(' · '), fenced(excerpt), link].join('\n\n');
}
