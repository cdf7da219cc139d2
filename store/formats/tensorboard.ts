import { parsePythonJson } from '../json/parsePythonJson';
import type { LoggedEvent } from '../tensorboard/readEvent';
import { epochMilliseconds } from './epochMilliseconds';
import { byName, type FileKind, type Format, type Item, isObject, type TakeContext } from './Format';
import { scalars } from './scalars';
import { readTexts, textsTable } from './texts';

/** Texts of these names that are JSON objects are a run's config (`transformers/integrations/integration_utils.py`). */
const ARGUMENTS = 'args';
const MODEL = 'model_config';
/** The suffix that `SummaryWriter.add_text` appends to the name. */
const TEXT_SUFFIX = /\/text_summary$/;
/** The folder in which `SummaryWriter.add_hparams` writes, below the run's own: seconds since 1970. */
const HPARAMS_FOLDER = /^\d{9,10}\.\d+$/;

/** An event file, as every writer of TensorBoard's names it, in whatever folder. */
export const eventFile: FileKind = {
  label: '*tfevents*',
  reads: 'events',
  match: byName(/(?:^|\/)[^/]*tfevents[^/]*$/),
  take,
};

/**
 * TensorBoard. Each folder that has event files is a run, all its files together, in the order in which they were begun: a
 * resumed job begins another. `SummaryWriter` (PyTorch, tensorboardX), Keras, Lightning and Trinity-RFT's monitor write
 * them. Images, audio, histograms and graphs are left out.
 */
export const tensorboard: Format = {
  name: 'tensorboard',
  title: 'TensorBoard event files',
  isBeside: true,
  files: [{ ...eventFile, folderOf }],
};

function folderOf(path: string, siblings: ReadonlySet<string>): string {
  const names = path.split('/').slice(0, -1);
  const above = names.slice(0, -1).join('/');
  return HPARAMS_FOLDER.test(names.at(-1) ?? '') && siblings.has(above) ? above : names.join('/');
}

function take(record: Record<string, unknown>, { leave }: TakeContext): Item[] {
  const { wallTime, step, values } = record as LoggedEvent;
  const items: Item[] = [];
  const time = epochMilliseconds(wallTime);
  const at = { ...(typeof step === 'number' && { step }), ...(time !== undefined && { time }) };
  let numbers: Record<string, number> = {};
  const flush = () => {
    const { metrics, others } = scalars(numbers);
    Object.keys(others).forEach(leave);
    items.push({ kind: 'metrics', ...at, metrics });
    numbers = {};
  };
  for (const { tag, number, text, hparams, other } of values) {
    if (hparams) {
      items.push({ kind: 'run', put: { config: hparams } });
    } else if (text !== undefined) {
      items.push(...textItems(tag.replace(TEXT_SUFFIX, ''), text, at, leave));
    } else if (other !== undefined) {
      leave(other);
    } else if (tag === '') {
      leave('values without a tag');
    } else if (number !== undefined) {
      if (Object.hasOwn(numbers, tag)) {
        flush();
      }
      Object.defineProperty(numbers, tag, { value: number, enumerable: true });
    }
  }
  if (Object.keys(numbers).length > 0) {
    flush();
  }
  if (items.length > 0 && typeof step !== 'number') {
    throw new Error(`Its step ${step} is beyond ${Number.MAX_SAFE_INTEGER}.`);
  }
  return items;
}

/** A text is a row; the arguments of transformers are config besides, whatever else is logged. */
function textItems(name: string, text: string, at: object, leave: TakeContext['leave']): Item[] {
  const { texts, oversized } = readTexts({ [name]: text });
  oversized.forEach(leave);
  const config = configOf(name, text);
  return [
    ...(config ? [{ kind: 'run' as const, put: { config } }] : []),
    ...Object.entries(textsTable(Object.entries(texts)))
      .filter(([, { rows }]) => rows.length > 0)
      .map(([table, { columns, rows }]) => ({
        kind: 'rows' as const,
        ...at,
        table,
        columns: columns as string[],
        rows,
      })),
  ];
}

function configOf(name: string, text: string): Record<string, unknown> | undefined {
  if (name !== ARGUMENTS && name !== MODEL) {
    return undefined;
  }
  try {
    const config = parsePythonJson(text);
    return !isObject(config) ? undefined : name === MODEL ? { [MODEL]: config } : config;
  } catch {
    return undefined;
  }
}
