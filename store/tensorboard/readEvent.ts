import { isUtf8 } from 'node:buffer';
import { readHparams } from './readHparams';
import { readTensor } from './readTensor';
import { fieldsOf, signed } from './wire';

/** One summary of an event. */
interface EventValue {
  tag: string;
  number?: number;
  /** A text, or texts in the shape of their tensor. */
  text?: string;
  hparams?: Record<string, unknown>;
  /** The kind of a summary or a field that is not kept, such as `histograms`. */
  other?: string;
}

/** The content of an `Event` message. */
export type LoggedEvent = {
  /** Seconds since 1970. */
  wallTime: number;
  step: number | bigint;
  /** The format that a file's first event tells: `brain.Event:2`. */
  fileVersion?: string;
  values: EventValue[];
};

/** Fields of an event that are not kept. */
const OTHERS: Readonly<Record<number, string>> = {
  4: 'graphs',
  6: 'log messages',
  8: 'run metadata',
  9: 'graphs',
};
/** Fields of a summary that are not kept. */
const MEDIA: Readonly<Record<number, string>> = { 3: 'histograms', 4: 'images', 5: 'histograms', 6: 'audio' };
const MOST_TAGS = 100_000;

/**
 * Reads an `Event` message. `plugins`: by tag, the plugin that a summary of the file named, since some writers name it
 * with the first one only; it is added to.
 */
export function readEvent(message: Buffer, plugins: Map<string, string>): LoggedEvent {
  const event: LoggedEvent = { wallTime: 0, step: 0, values: [] };
  for (const { number, int, bytes } of fieldsOf(message)) {
    if (number === 1 && bytes.length === 8) {
      event.wallTime = bytes.readDoubleLE(0);
    } else if (number === 2) {
      event.step = signed(int);
    } else if (number === 3) {
      event.fileVersion = bytes.toString('utf8');
    } else if (number === 5) {
      for (const summary of fieldsOf(bytes)) {
        if (summary.number === 1) {
          event.values.push(readSummary(summary.bytes, plugins));
        }
      }
    } else if (OTHERS[number] !== undefined) {
      event.values.push({ tag: '', other: OTHERS[number] });
    }
  }
  return event;
}

function readSummary(message: Buffer, plugins: Map<string, string>): EventValue {
  const value: EventValue = { tag: '' };
  let tensor: Buffer | undefined;
  let named: { plugin: string; content: Buffer } | undefined;
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) {
      value.tag = bytes.toString('utf8');
    } else if (number === 2 && bytes.length === 4) {
      value.number = bytes.readFloatLE(0);
    } else if (number === 8) {
      tensor = bytes;
    } else if (number === 9) {
      named = readPlugin(bytes);
    } else if (MEDIA[number] !== undefined) {
      value.other = MEDIA[number];
    }
  }
  if (named && named.plugin !== '' && (plugins.has(value.tag) || plugins.size < MOST_TAGS)) {
    plugins.set(value.tag, named.plugin);
  }
  const plugin = named?.plugin || plugins.get(value.tag);
  if (plugin === 'hparams') {
    const hparams = named && readHparams(named.content);
    return { tag: value.tag, ...(hparams && { hparams }) };
  }
  return tensor ? { ...value, ...readTensorValue(tensor, plugin) } : value;
}

/** Reads a summary's metadata: the plugin that shows it, and what that is told. */
function readPlugin(metadata: Buffer) {
  let plugin = '';
  let content: Buffer = Buffer.alloc(0);
  for (const { number, bytes } of fieldsOf(metadata)) {
    if (number === 1) {
      for (const field of fieldsOf(bytes)) {
        plugin = field.number === 1 ? field.bytes.toString('utf8') : plugin;
        content = field.number === 2 ? field.bytes : content;
      }
    }
  }
  return { plugin, content };
}

/** Where no plugin is known, one number is a scalar, and strings that are UTF-8 are texts. */
function readTensorValue(message: Buffer, plugin: string | undefined): Omit<EventValue, 'tag'> {
  const isScalar = plugin === undefined || plugin === 'scalars';
  const isText = plugin === undefined || plugin === 'text';
  const other = { other: plugin === undefined || isScalar || isText ? 'tensors' : plugin };
  if (!isScalar && !isText) {
    return other;
  }
  const { shape, number, strings } = readTensor(message);
  if (strings) {
    const isReadable = plugin === 'text' || strings.every((one) => isUtf8(one));
    return isText && isReadable ? { text: textOf(shape, strings) } : other;
  }
  return isScalar && number !== undefined ? { number } : other;
}

/** A single text as it is; several as the JSON of their lists, rows within the tensor. */
function textOf(shape: readonly number[], strings: readonly Buffer[]): string {
  const texts = strings.map((one) => one.toString('utf8'));
  if (texts.length === 1) {
    return texts[0] ?? '';
  }
  const width = shape.at(-1) ?? 0;
  const isTable = shape.length === 2 && width > 0 && width * (shape[0] ?? 0) === texts.length;
  return JSON.stringify(
    isTable ? Array.from({ length: shape[0] ?? 0 }, (_, i) => texts.slice(i * width, (i + 1) * width)) : texts,
  );
}
