import { LENSES, type Lens, OPERATORS, SEARCH_MODES } from '@rolloscope/contract/names';
import type { Condition } from '@rolloscope/contract/types';
import { readParts, writeParts } from '../../shared/addressText';
import { initialView, type ViewSearch, type ViewState } from './ViewState';

/** One value of the address for all that a viewer has changed, such as `sort.-reward!step~lens.worst~at.1k9f!17`. */
export function writeView(view: ViewState): string {
  return writeParts(Object.entries(PARTS).map(([name, part]) => [name, part.write(view)] as const));
}

/** Reads an address; what in it cannot be read is left at its default, since anyone can write an address. */
export function readView(text: string): ViewState {
  let view = initialView('');
  for (const [name, values] of readParts(text)) {
    const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    view = part ? { ...view, ...part.read(values, view) } : view;
  }
  return view;
}

/** One part of the address. Another part of the view gets a line in `PARTS`, and is in every link. */
interface Part {
  /** Writes the part; returns undefined where the view has its default. */
  write(view: ViewState): string[] | undefined;
  read(values: string[], before: ViewState): Partial<ViewState>;
}

const PARTS: Readonly<Record<string, Part>> = {
  table: {
    write: ({ table }) => (table > 0 ? [String(table)] : undefined),
    read: ([table]) => ({ table: wholeNumber(table) ?? 0 }),
  },
  lens: {
    write: ({ lens }) => lens && [lens],
    read: ([lens]) => ({ lens: LENSES.find((one): one is Lens => one === lens) }),
  },
  search: {
    write: ({ search }) => search && [search.mode + (search.case ? '+' : ''), search.text, ...(search.columns ?? [])],
    read: (values) => ({ search: readSearch(values) }),
  },
  filter: {
    write: ({ filter }) => (filter.length > 0 ? filter.map(writeCondition) : undefined),
    read: (values) => ({ filter: values.flatMap((value) => readCondition(value) ?? []) }),
  },
  sort: {
    write: ({ orderBy }) =>
      orderBy.length > 0
        ? orderBy.map(
            ({ column, direction }) => (direction === 'desc' ? '-' : /^[-+]/.test(column) ? '+' : '') + column,
          )
        : undefined,
    read: (values) => ({
      orderBy: values.map((value) => ({
        column: value.replace(/^[-+]/, ''),
        direction: value.startsWith('-') ? ('desc' as const) : ('asc' as const),
      })),
    }),
  },
  columns: {
    write: ({ columns }) => columns && [...columns],
    read: (columns) => ({ columns: columns.length > 0 ? columns : undefined }),
  },
  pinned: {
    write: ({ pinned }) => pinned && [...pinned],
    read: (pinned) => ({ pinned }),
  },
  widths: {
    write: ({ widths }) => {
      const list = Object.entries(widths).map(([column, width]) => `${Math.round(width)}.${column}`);
      return list.length > 0 ? list : undefined;
    },
    read: (values) => ({ widths: Object.fromEntries(values.flatMap(readWidth)) }),
  },
  distribution: {
    write: ({ distribution }) => (distribution === undefined ? undefined : [distribution ? 'open' : 'closed']),
    read: ([state]) => ({ distribution: state === 'open' ? true : state === 'closed' ? false : undefined }),
  },
  // The place belongs to one table: in another one, where a variable has changed, it is nowhere.
  at: {
    write: ({ subject, anchor, open }) => (anchor > 0 || open ? [subject, String(anchor)] : undefined),
    read: ([subject = '', anchor]) => ({ subject, anchor: wholeNumber(anchor) ?? 0 }),
  },
  row: {
    write: ({ open }) => open && [open.rowId ?? ''],
    read: ([rowId = ''], { anchor }) => ({ open: rowId === '' ? { row: anchor } : { row: anchor, rowId } }),
  },
};

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function readWidth(value: string): [column: string, width: number][] {
  const [, width, column] = /^(\d{1,5})\.(.+)$/su.exec(value) ?? [];
  return column === undefined ? [] : [[column, Number(width)]];
}

function readSearch([how = '', text, ...columns]: string[]): ViewSearch | undefined {
  const mode = SEARCH_MODES.find((one) => one === how.replace('+', ''));
  if (!mode || !text) {
    return undefined;
  }
  return { text, mode, ...(how.endsWith('+') && { case: true }), ...(columns.length > 0 && { columns }) };
}

const writeCondition = ({ column, op, value }: Condition) =>
  `${op} ${JSON.stringify(value === undefined ? [column] : [column, value])}`;

function readCondition(text: string): Condition | undefined {
  const [, name, json] = /^(\w+) (\[.*\])$/su.exec(text) ?? [];
  const op = OPERATORS.find((one) => one === name);
  try {
    const [column, ...value] = JSON.parse(json ?? '[]') as unknown[];
    return op && typeof column === 'string' ? { column, op, ...(value.length > 0 && { value: value[0] }) } : undefined;
  } catch {
    return undefined;
  }
}
