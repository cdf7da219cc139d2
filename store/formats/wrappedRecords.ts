import { guessRole } from '@rolloscope/contract';
import { isObject } from './Format';
import { isRollout } from './isRollout';
import { stepRank, timeRank } from './stepNames';

/** The records that an object holds as one list, as `{"data": […]}`. */
export interface Wrapped {
  name: string;
  records: Record<string, unknown>[];
  /** Names of what stands beside the list and is of no record. */
  left: string[];
}

/** Lists of objects that belong to one rollout. */
const PARTS =
  /^(?:messages?|message_list|conversations?|dialog(?:ue)?|chat|turns?|steps|trajector(?:y|ies)|tools?|tool_calls|choices|nodes|spans)$/i;

/** Names that say that what they hold is the file's own. */
const WRAPPERS =
  /^(?:data|rows|records|results|items|entries|examples|samples|rollouts|generations|completions|outputs)$/i;

/**
 * Takes the records of a list out of the record around it; undefined where that is one itself: it has no list of
 * objects, or more of them, or a text, a score or messages of its own. A step or a time that stands
 * beside the list is that of all its records. Also reads `{"columns": […], "data": […]}`. Where `isRow`, every
 * record is a row, unless the list has a name that tells otherwise.
 */
export function wrappedRecords(record: Readonly<Record<string, unknown>>, isRow = false): Wrapped | undefined {
  const lists = Object.entries(record).flatMap(([name, value]) => {
    const records = PARTS.test(name) ? undefined : recordsOf(value, record.columns);
    return records ? [{ name, records }] : [];
  });
  const [list] = lists;
  if (!list || lists.length > 1 || (isRow && !WRAPPERS.test(list.name))) {
    return undefined;
  }
  const { name, records } = list;
  const [first = {}] = records;
  const others = Object.keys(record).filter((one) => one !== name && one !== 'columns');
  const isOwn = (one: string) => PARTS.test(one) || guessRole(one) !== undefined;
  if (others.some(isOwn) || (isOwn(name) && !isRollout(first))) {
    return undefined;
  }
  const isShared = (one: string) => stepRank(one) !== undefined || timeRank(one) !== undefined;
  const shared = Object.fromEntries(others.filter(isShared).map((one) => [one, record[one]]));
  return {
    name,
    records: records.map((one) => ({ ...shared, ...one })),
    left: others.filter((one) => !isShared(one)),
  };
}

function recordsOf(value: unknown, columns: unknown): Record<string, unknown>[] | undefined {
  if (!Array.isArray(value) || value.length === 0) {
    return undefined;
  }
  if (value.every(isObject)) {
    return value.some((one) => Object.keys(one).length > 0) ? value : undefined;
  }
  const isTable = Array.isArray(columns) && columns.every((name) => typeof name === 'string');
  return isTable && value.every((row) => Array.isArray(row) && row.length === columns.length)
    ? value.map((row: unknown[]) => Object.fromEntries(columns.map((name, i) => [name, row[i]])))
    : undefined;
}
