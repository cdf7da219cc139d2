import { LIMITS } from '@rolloscope/contract';
import type { MediaRef, MetricValue } from '@rolloscope/contract/types';
import { isObject, readObject } from '../formats/readObject';
import { scalars } from '../formats/scalars';
import { readTexts } from '../formats/texts';
import { namedFile } from './artifactFiles';
import type { ListedImage } from './WandbRunState';
import { listedImages, wandbMediaList } from './wandbMedia';

/** A table that a history line names; its rows come as a file of their own. */
interface TableReference {
  table: string;
  /** The file's path within the run. */
  path: string;
  /** Each file has only the rows since the one before. */
  isIncrement: boolean;
  /** The file of the table's artifact, which has its images and sounds. */
  artifact?: string;
}

/** A list of images, by name. Of their files it tells how their hashes begin. */
export interface ImageList {
  table: string;
  images: ListedImage[];
}

/** One line of W&B's history. */
export interface HistoryLine {
  /** W&B's own counter of log calls; absent in shared mode. */
  step?: number;
  /** Epoch milliseconds. */
  time?: number;
  /** Seconds since the run began, as the client counts them. */
  runtime?: number;
  metrics: Record<string, MetricValue>;
  /** Texts and lists, by name. */
  texts: Record<string, string>;
  tables: TableReference[];
  /** Images and sounds, by name; their files come by themselves. */
  seen: Array<{ name: string; refs: MediaRef[] }>;
  lists: ImageList[];
  /** Media that are not kept, by name. */
  media: Array<{ name: string; type: string }>;
}

const wholeNumber = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined);
const finite = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** Reads a line of `wandb-history.jsonl` or `wandb-events.jsonl`. Throws `invalid_request` for one that is no object. */
export async function readHistoryLine(text: string, where: string): Promise<HistoryLine> {
  const { _step, _timestamp, _runtime, _wandb: _, ...logged } = await readObject(text, where);
  const tables: TableReference[] = [];
  const media: HistoryLine['media'] = [];
  const seen: HistoryLine['seen'] = [];
  const lists: ImageList[] = [];
  const plain = takeMedia(logged, '', { tables, media, seen, lists });
  const { metrics, others } = scalars(isObject(plain) ? plain : {});
  const { texts, oversized } = readTexts(others);
  media.push(...oversized.map((name) => ({ name, type: 'oversized value' })));
  const step = wholeNumber(_step);
  const runtime = finite(_runtime);
  const seconds = finite(_timestamp);
  return {
    ...(step !== undefined && { step }),
    ...(runtime !== undefined && { runtime }),
    ...(seconds !== undefined && seconds >= 0 && seconds < 8.64e12 && { time: Math.round(seconds * 1_000) }),
    metrics,
    texts,
    tables,
    seen,
    lists,
    media,
  };
}

const DEEPEST = 10;
/** Characters of a table's path. */
const LONGEST_PATH = 1_000;

const isName = (name: string) => name !== '' && [...name].length <= LIMITS.nameChars;

/** The numbers and texts of a summary, by name; its media aside. */
export function readSummary(record: Record<string, unknown>): Pick<HistoryLine, 'metrics' | 'texts'> {
  const plain = takeMedia(record, '', { tables: [], media: [], seen: [], lists: [] });
  const { metrics, others } = scalars(isObject(plain) ? plain : {});
  return { metrics, texts: readTexts(others).texts };
}

/** The record without its media (objects that carry `_type`), which are told apart on the way. */
function takeMedia(
  value: unknown,
  name: string,
  found: Pick<HistoryLine, 'tables' | 'media' | 'seen' | 'lists'>,
  depth = 0,
): unknown {
  if (!isObject(value) || depth > DEEPEST) {
    return value;
  }
  const { _type: type, path } = value;
  if (typeof type === 'string') {
    const refs = wandbMediaList(value);
    const images = listedImages(value);
    const isTable = type === 'table-file' || type === 'incremental-table-file';
    if (isTable && typeof path === 'string' && path.length <= LONGEST_PATH && isName(name)) {
      const artifact = namedFile(value.artifact_path);
      const isIncrement = type === 'incremental-table-file';
      found.tables.push({ table: name, path, isIncrement, ...(artifact !== undefined && { artifact }) });
    } else if (isName(name) && refs) {
      found.seen.push({ name, refs });
    } else if (isName(name) && images) {
      found.lists.push({ table: name, images });
    } else {
      found.media.push({ name: name.slice(0, LIMITS.nameChars), type });
    }
    return undefined;
  }
  const kept = Object.entries(value)
    .map(([key, one]) => [key, takeMedia(one, name === '' ? key : `${name}.${key}`, found, depth + 1)] as const)
    .filter(([, one]) => one !== undefined);
  return Object.fromEntries(kept);
}
