import { readEvent } from '../../tensorboard/readEvent';
import { tfRecords } from '../../tensorboard/tfRecords';
import type { ReadRecord, RecordPosition } from './ReadRecord';
import type { TextSource } from './textSource';

/** The events of a file of TensorBoard's, from a record on. */
export async function* eventRecords(source: TextSource, from: RecordPosition): AsyncGenerator<ReadRecord> {
  if (from.isLast) {
    return;
  }
  const plugins = new Map<string, string>();
  let { number } = from;
  for await (const { start, end, data, fault, isLast } of tfRecords(source.read(from.offset), from.offset)) {
    number++;
    const at = { number, line: number, firstLine: number, offset: end, ...(isLast && { isLast }) };
    if (!data) {
      yield { ...at, source: String(start), bytes: 0, ...(fault !== undefined && { fault }) };
      continue;
    }
    const record = { ...at, source: data, bytes: data.length };
    try {
      yield { ...record, value: readEvent(data, plugins) };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      yield { ...record, fault: `The record at byte ${start} is no event. ${reason}` };
    }
  }
}
