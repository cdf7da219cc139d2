import type { FileKind, Format, PlainOptions } from '../../formats/Format';
import { FORMATS } from '../../formats/formats';
import { RecordBatch } from './RecordBatch';
import { readLines } from './readLines';
import { jsonRecords } from './readRecords';
import type { Sender } from './Sender';
import type { Summary } from './Summary';

interface StreamOptions {
  format?: Format;
  run: string;
  project: string;
  plain: PlainOptions;
}

const PLACE = { path: 'stdin.jsonl' };

/** Imports JSON lines from a stream. What is sent again within a day is taken once, if the stream is the same. */
export async function importStream(
  source: AsyncIterable<Buffer>,
  sender: Sender,
  summary: Summary,
  { format, run, project, plain }: StreamOptions,
): Promise<void> {
  let kind: FileKind | undefined;
  let batch = new RecordBatch({ run, project, plain }, summary);
  const send = async () => {
    await sender.send(sender.prepare({ id: batch.takeId(), units: batch.units, hints: sender.hints }));
    batch = new RecordBatch({ run, project, plain }, summary);
  };
  let head: Record<string, unknown>[] = [];
  for await (const record of jsonRecords(readLines(source))) {
    if (!kind && record.value) {
      kind = kindOf(record.value, format);
      summary.files.recognise('stdin', kind);
    }
    // A stream is not read ahead: its first record has to tell.
    head = head.length === 0 && record.value ? [record.value] : head;
    const origin = `stdin:${record.number}`;
    if (!kind) {
      if (record.fault !== undefined || record.value) {
        summary.refuse(origin, record.fault ?? 'No format that is known has such a line.');
      }
      continue;
    }
    batch.add(origin, String(record.number), record, kind, { place: PLACE, head });
    if (batch.isFull) {
      await send();
    }
  }
  await send();
}

function kindOf(first: Record<string, unknown>, format: Format | undefined): FileKind | undefined {
  const linesOf = ({ files }: Format) => files.filter(({ reads }) => reads === 'lines');
  const kinds = (format ? [format] : FORMATS).flatMap(linesOf);
  // What is known by its name alone has none here, unless it is named.
  const others = format ? kinds : FORMATS.filter(({ isFallback }) => isFallback).flatMap(linesOf);
  return kinds.find(({ accepts }) => accepts?.(first)) ?? others.find(({ accepts }) => !accepts);
}
