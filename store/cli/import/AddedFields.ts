import type { FileKind } from '../../formats/Format';
import { openFile, textRecords } from './readRecords';
import { matched } from './recognise';
import type { Summary } from './Summary';
import type { SeenFile } from './scanFolder';
import { textSource } from './textSource';

const START = { offset: 0, number: 0, line: 0 };
/** Records of which is kept what other files add to them. */
const MOST_RECORDS = 1_000_000;
/** Numbers among these that are one a token or a few a turn, with what each list of them takes besides: 64 to 128 MB. */
const MOST_NUMBERS = 16 * 2 ** 20;
const EACH_LIST = 32;

type Fields = Record<string, unknown>;

const isHeavy = (value: unknown): value is Float32Array | Float64Array =>
  value instanceof Float32Array || value instanceof Float64Array;

/** Fields that files add to the records of others, by the record's id; of bounded size. */
export class AddedFields {
  readonly byId = new Map<string, Fields>();
  /** Numbers in lists among these. */
  private numbers = 0;

  constructor(private readonly summary: Summary) {}

  /** Reads all that a file adds, to its end. */
  async read(file: SeenFile, kind: FileKind): Promise<void> {
    const handle = await openFile(file.path);
    const place = kind.match(matched(file)) ?? { path: matched(file) };
    let before: string | undefined;
    try {
      for await (const { value } of textRecords(await textSource(handle), kind, START, true)) {
        if (!value) {
          continue;
        }
        const { id, fields } = kind.adds?.(value, { place, before }) ?? {};
        if (id !== undefined && this.byId.size < MOST_RECORDS) {
          this.byId.set(id, { ...this.byId.get(id), ...this.withinRoom(id, fields) });
        }
        before = kind.follows?.(value, before);
      }
    } finally {
      await handle.close();
    }
  }

  /** Returns the fields without lists by token or turn, once as many are held as memory is spent on. */
  private withinRoom(id: string, fields: Fields = {}): Fields {
    const kept = Object.entries(fields).filter(([name, value]) => {
      if (!isHeavy(value)) {
        return true;
      }
      const known = this.byId.get(id)?.[name];
      const more = value.length + EACH_LIST - (isHeavy(known) ? known.length + EACH_LIST : 0);
      const fits = this.numbers + more <= MOST_NUMBERS;
      this.numbers += fits ? more : 0;
      if (!fits) {
        this.summary.leave('annotations of tokens and turns, of more rollouts than are held at once');
      }
      return fits;
    });
    return Object.fromEntries(kept);
  }
}
