import { DERIVED_COLUMNS, ROW_COLUMNS } from '@rolloscope/contract/names';
import type { TableColumn } from '../data/TableData';
import type { MediaPlace } from '../media/MediaContext';
import { inSlices } from '../text/inSlices';
import { Blackout } from './Blackout';
import type { Bundle, SourceFact } from './Bundle';
import type { Collected } from './collectRows';
import { distinctMedia, embedMedia, hideMedia } from './embedMedia';
import { ADDRESS } from './sourceFacts';

/** A person's choice of what stays in the file, and the words that are blacked out in it. */
export interface Choices {
  /** Ids of rows. */
  rows: ReadonlySet<string>;
  columns: ReadonlySet<string>;
  facts: ReadonlySet<string>;
  /** A word or pattern a line. */
  words: string;
  hasMedia: boolean;
}

/** Columns that only say which rows are alike: a hash of a text says too much of what was blacked out in it. */
const ALIKE = new Set(['promptHash']);
/** Columns that mean nothing in a file: hashes of texts, and the store's own row ids. */
export const NEVER_SAVED: ReadonlySet<string> = new Set(['responseHash', 'duplicateOf', 'rowId']);
/** Names that the reader goes by. */
const OUR_NAMES: ReadonlySet<string> = new Set([...ROW_COLUMNS, ...DERIVED_COLUMNS]);

/** Makes what goes into a file: of what was collected only what was chosen, without the words. It works in slices. */
export async function makeBundle(
  collected: Collected,
  facts: readonly SourceFact[],
  choices: Choices,
  about: { title: string; timeZone: string; urlOf: MediaPlace['urlOf'] },
  signal: AbortSignal,
  onProgress?: (share: number) => void,
): Promise<Bundle> {
  const blackout = await Blackout.of(choices.words);
  const columns = collected.columns.filter(({ name }) => choices.columns.has(name) && !NEVER_SAVED.has(name));
  const kept = collected.rows.filter(({ rowId }) => choices.rows.has(rowId));
  const odd: Array<[row: number, column: number, value: string]> = [];
  const cut: Array<[row: number, column: number, length: number]> = [];
  const alike = new Map<string, string>();
  const rows: unknown[][] = [];
  await inSlices(
    kept.length,
    (row) => {
      const { cells, cut: short } = kept[row] as (typeof kept)[number];
      rows[row] = columns.map(({ name }, column) => {
        const cell = cells.get(name) ?? null;
        const length = short?.get(name);
        if (length !== undefined) {
          cut.push([row, column, length]);
        }
        if (typeof cell === 'number' && !Number.isFinite(cell)) {
          odd.push([row, column, String(cell)]);
          return null;
        }
        return ALIKE.has(name) && typeof cell === 'string' ? sameAs(alike, cell) : blackout.value(cell);
      });
    },
    signal,
    onProgress,
  );
  const cells = rows.flat();
  const inRows = distinctMedia(cells).media.size;
  const media = choices.hasMedia ? await embedMedia(cells, about.urlOf, signal) : {};
  const title = blackout.text(about.title);
  const said = facts
    .filter(({ name }) => choices.facts.has(name))
    .map(({ name, value }) => ({ name, value: String(blackout.value(value)) }));
  const link = said.find(({ name }) => name === ADDRESS)?.value;
  const named = namesOf(columns, blackout);
  const leftOut = collected.columns.filter(({ name }) => !choices.columns.has(name));
  const redaction = {
    columns: leftOut.map(({ name }) => blackout.text(name)),
    facts: facts.flatMap(({ name }) => (choices.facts.has(name) ? [] : [name])),
    words: blackout.times,
    media: inRows - Object.keys(media).length,
  };
  return {
    format: 1,
    title,
    facts: said,
    redaction,
    ...(link !== undefined && { link }),
    timeZone: about.timeZone,
    columns: named,
    rows: choices.hasMedia || inRows === 0 ? rows : rows.map((row) => row.map(hideMedia)),
    odd,
    cut,
    media,
    hasWholeGroups: collected.hasWholeGroups && kept.length === collected.rows.length,
    opened: openedAt(
      collected.opened,
      kept.map(({ rowId }) => rowId),
    ),
  };
}

function openedAt({ rowId, hasGroup, compared }: Collected['opened'], kept: readonly string[]): Bundle['opened'] {
  const [first, second] = (compared ?? []).map((one) => kept.indexOf(one));
  const areThere = first !== undefined && second !== undefined && first >= 0 && second >= 0;
  return {
    row: Math.max(0, kept.indexOf(rowId)),
    hasGroup,
    ...(areThere && { compared: [first, second] as const }),
  };
}

/** A short name for each text, in the order of their coming. */
function sameAs(known: Map<string, string>, text: string): string {
  const name = known.get(text) ?? `p${known.size + 1}`;
  known.set(text, name);
  return name;
}

/** Names are texts, too; two that become one stay apart. */
function namesOf(columns: readonly TableColumn[], blackout: Blackout): Bundle['columns'] {
  const taken = new Set<string>();
  return columns.map(({ name, label, type, role, isDerived }) => {
    let left = OUR_NAMES.has(name) ? name : blackout.text(name);
    while (taken.has(left)) {
      left += '█';
    }
    taken.add(left);
    return {
      name: left,
      label: label === name ? left : blackout.text(label),
      type,
      ...(role && { role }),
      ...(isDerived && { isDerived }),
    };
  });
}
