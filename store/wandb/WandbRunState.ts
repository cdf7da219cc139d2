import type { StateKind } from '../adapters/AdapterSession';
import type { LoggedTableState } from '../formats/readTableFile';
import type { AxisDefinition } from './stepAxes';

/** A file of W&B's file stream, as far as it has been read. */
interface FileState {
  /** Lines taken. */
  lines: number;
  /** Tells the first line, so that a client which starts over is not taken for one that retries. */
  first: string;
}

/** The version of a table that was stored last, and where it stood. */
export interface StoredTable extends LoggedTableState {
  step?: number | null;
  resumes?: number;
  /** It came again with more rows: it is logged anew as a whole. */
  grows?: boolean;
}

/** A table that a history line named and whose file has not been read to its end. */
export interface PendingTable {
  table: string;
  step: number | null;
  /** Epoch milliseconds of the history line. */
  time: number;
  /** Milliseconds of the steady clock of the process that took the line, when it came. */
  since: number;
  isIncrement: boolean;
  /** The number of times that a client had taken the run up when the line came; its rows begin no later attempt. */
  resumes?: number;
  /** Rows that are stored already. */
  rows: number;
  /** The same table with its images and sounds, which comes where it has any. */
  artifact?: string;
  /** It is no file: a list of images that one name logged, whose files come by themselves. */
  images?: ListedImage[];
}

/** An image of a list. */
export interface ListedImage {
  /** The beginning of its hash. */
  start: string;
  alt?: string;
}

/** The newest text of a name, as far as it is remembered. */
export interface SeenText {
  digest: string;
  /** Left out where texts would be too much to remember. */
  text?: string;
}

/** The adapter state of a W&B run: what must be remembered beside what is stored of it. */
export interface WandbRunState {
  /** Files of the stream, by name, with the writer's id where several share a run. */
  files: Record<string, FileState>;
  axes: AxisDefinition[];
  /** Step metrics that had a value above 0 before a client took the run up again. */
  begun: string[];
  /** Those that had one since: until then a 0 of the former may be filled in by the client, and stands for no step. */
  counting: string[];
  /** Step metrics whose names do not tell that they count, and whose values turned out not to. */
  odd?: string[];
  /** The metric that counts the training where no step metric is defined, empty for none; and its newest value. */
  counter?: string;
  counted?: number;
  /** The number of times that a client took the run up again, and the lines of its files when it last did. */
  resumes: number;
  resumedAt: number;
  /** The newest line of history. */
  last: { step?: number; runtime?: number; time?: number };
  /** Lines of console output that are stored. */
  consoleLines: number;
  /** Tables that are awaited, by path, in the order of logging. */
  pending: Record<string, PendingTable>;
  tables: Record<string, StoredTable>;
  /** True where the newest line of metrics was one of an eval: what follows it is the eval's, too. */
  isEval?: boolean;
  /** The newest text by name, of history lines and of the summary. */
  texts: Record<string, SeenText>;
  /** It has what its parent had logged. */
  isForked?: true;
}

export const STATE: StateKind<WandbRunState> = {
  key: 'wandb',
  empty: () => ({
    files: {},
    axes: [],
    begun: [],
    counting: [],
    resumes: 0,
    resumedAt: 0,
    last: {},
    consoleLines: 0,
    pending: {},
    tables: {},
    texts: {},
  }),
};

/** Files of a run of which is remembered how far they were read, over all of its writers; those used last. */
const MOST_FILES = 3_000;

/** Lines of a file that have not been taken yet, with their numbers; marks in `state` that they are. */
export function takeUnseen(
  state: WandbRunState,
  file: string,
  chunk: { offset: number; content: string[] },
  tell: (line: string) => string,
): { lines: Array<{ number: number; text: string }>; restarted: boolean } {
  const known = state.files[file] ?? { lines: 0, first: '' };
  const first = chunk.offset === 0 && chunk.content[0] !== undefined ? tell(chunk.content[0]) : known.first;
  const restarted = known.lines > 0 && first !== known.first && known.first !== '';
  const taken = restarted ? 0 : known.lines;
  const lines = chunk.content
    .map((text, i) => ({ number: chunk.offset + i, text }))
    .filter(({ number }) => number >= taken);
  delete state.files[file];
  state.files[file] = { lines: Math.max(taken, chunk.offset + chunk.content.length), first };
  boundFiles(state);
  return { lines, restarted };
}

/** Forgets files that are too many. Those of the one writer of a run that is not shared stay: clients ask for them. */
function boundFiles({ files }: WandbRunState): void {
  const names = Object.keys(files);
  for (const name of names.length > MOST_FILES ? names.slice(0, names.length - MOST_FILES) : []) {
    if (name.includes(' ')) {
      delete files[name];
    }
  }
}

/** A client begins: where there are lines already, it takes the run up again, and its steps may go back. */
export function markResume(state: WandbRunState): void {
  const lines = Object.values(state.files).reduce((sum, file) => sum + file.lines, 0);
  if (lines !== state.resumedAt) {
    state.resumes++;
    state.resumedAt = lines;
    state.begun = [...new Set([...state.begun, ...state.counting])];
    state.counting = [];
    delete state.counted;
  }
}
