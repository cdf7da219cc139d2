import type { PatternThreads } from '../../../patterns/PatternThreads';
import type { RowQuery } from '../../EngineReads';
import type { Layout } from '../Layout';
import type { Read, Reads } from '../Reads';
import type { TextsHow } from './filterSql';
import { type Part, PartWalk } from './PartWalk';
import { FOUND, selectRows, type Texts } from './rowsSql';
import type { SelectedRows } from './SelectedRows';
import { TextTests } from './TextTests';
import { type TextCost, textCost } from './textCost';

/** Nanoseconds: a search that takes no longer, whatever the texts are like, is one statement. */
const AT_ONCE = 300e6;
/** Nanoseconds that one part of a longer search is to take, by the speed of the one before. */
const PART = 100e6;
/**
 * Nanoseconds of a part whose texts suit the patterns badly, at the most, and how much larger than the last it may be.
 */
const MOST = 2e9;
const GROWTH = 4;
/**
 * DuckDB looks whether to go on after every 2,048 rows. Where so many take no longer than this, however badly their texts
 * suit, a part may be of any size.
 */
const VECTOR = 5e9;
/** Nanoseconds that DuckDB may take for one text, in the middle of which it cannot be stopped. */
const TEXT = 500e6;
/** Rows whose characters are counted together at first, an eighth of those. */
const BLOCK_ROWS = 256;

/** The means of a search. */
export interface Searching {
  database: Reads;
  layout: Layout;
  threads: PatternThreads;
}

/**
 * Runs `work` on a connection, with what is to be done about the selection's conditions on texts. Where these may take
 * long, the rows in which they hold are found before, part by part: between two parts the search can be ended, and tells
 * how far it is (of a whole one DuckDB tells nothing; its own progress stays at 0 until a scan is over). All that `work`
 * reads is then made of the rows found.
 *
 * The parts are read one after another, at one position, so together they find what the whole would.
 */
export async function searchTexts<T>(
  searching: Searching,
  query: RowQuery,
  work: (read: Read, texts: Texts) => Promise<T>,
): Promise<T> {
  const { database, layout } = searching;
  const { lens: _, ...unseen } = query;
  const cost = textCost(layout, query);
  const others = cost && selectRows(layout, unseen, 'left out');
  if (!cost || !others) {
    return database.session((read) => work(read, {}));
  }
  const short = await database.session(async (read) => {
    const parts = await readParts(read, others, cost, `row // ${BLOCK_ROWS}`);
    const chars = parts.reduce((sum, part) => sum + part.chars, 0);
    const isShort = chars * cost.each <= AT_ONCE && parts.every((part) => !mayHaveLong(part, cost));
    return isShort ? { answer: await work(read, boundsOf(parts)) } : { parts };
  });
  if ('answer' in short) {
    return short.answer as T;
  }
  return database.session(async (read, signal) => {
    await read('CREATE OR REPLACE TEMP TABLE found (row BIGINT)');
    await read('CREATE OR REPLACE TEMP TABLE found_long (test INTEGER, row BIGINT)');
    try {
      await findInParts(searching, read, signal, unseen, others, cost, short.parts);
      return await work(read, 'found');
    } finally {
      // Once nobody waits for the answer nothing is read any more; the next search on this connection replaces it.
      await read(`DROP TABLE IF EXISTS ${FOUND}`).catch(() => undefined);
    }
  }, 'search');
}

async function findInParts(
  searching: Searching,
  read: Read,
  signal: AbortSignal | undefined,
  query: RowQuery,
  others: SelectedRows,
  cost: TextCost,
  parts: readonly Part[],
): Promise<void> {
  const { onProgress } = searching.database.options;
  const all = parts.reduce((sum, part) => sum + part.chars, 0);
  const walk = new PartWalk(parts, (part) => readParts(read, others, cost, 'row', rowsOf(part)));
  const least = PART / cost.each;
  const vector = 8 * cost.each * parts.reduce((most, { chars }) => Math.max(most, chars), 0);
  const most = vector <= VECTOR ? Number.POSITIVE_INFINITY : MOST / cost.each;
  let size = least;
  let done = 0;
  for (let part = await walk.next(size); part; part = await walk.next(size)) {
    const tests = mayHaveLong(part, cost) ? new TextTests(longest(cost)) : undefined;
    const selected = selectRows(searching.layout, query, { within: rowsOf(part), ...(tests && { tests }) });
    if (tests) {
      await findLong(searching, read, signal, others, part, tests);
    }
    const begin = performance.now();
    if (selected) {
      await read(`INSERT INTO ${FOUND} SELECT row FROM ${selected.from} WHERE ${selected.where}`, selected.values);
    }
    const each = ((performance.now() - begin) * 1e6) / Math.max(1, part.chars);
    size = Math.max(least, Math.min(most, GROWTH * size, PART / each));
    done += part.chars;
    onProgress?.(all === 0 ? 1 : done / all);
  }
}

/** Looks for the patterns in texts that are too long for DuckDB. */
async function findLong(
  { database, threads }: Searching,
  read: Read,
  signal: AbortSignal | undefined,
  others: SelectedRows,
  part: Part,
  tests: TextTests,
): Promise<void> {
  await read(`DELETE FROM ${TextTests.TABLE}`);
  for (const column of new Set(tests.all.map(({ physical }) => physical))) {
    const texts = `texts_${others.table.key}`;
    const long = await read(
      `SELECT row::DOUBLE FROM ${texts} WHERE ${rowsOf(part)} AND strlen(${column}) > ${tests.bytes}
       AND row IN (SELECT row FROM ${others.from} WHERE ${others.where} AND ${rowsOf(part)})`,
      others.values,
    );
    for (const row of long.at<number>(0)) {
      const [text = ''] = (await read(`SELECT ${column} FROM ${texts} WHERE row = ${row}`)).at<string>(0);
      for (const [number, { physical, ...pattern }] of tests.all.entries()) {
        const [isFound] =
          physical === column ? await threads.test(pattern, [text], { ...database.options, signal }) : [];
        if (isFound) {
          await read(`INSERT INTO ${TextTests.TABLE} VALUES (${number}, ${row})`);
        }
      }
    }
  }
}

/** Bytes of a text that DuckDB may look through. */
const longest = ({ ofPatterns }: TextCost) =>
  ofPatterns === 0 ? Number.MAX_SAFE_INTEGER : Math.ceil(TEXT / ofPatterns);

/** A character has four bytes at the most. */
const mayHaveLong = ({ most }: Part, cost: TextCost) => 4 * most > longest(cost);

/** The rows of all parts together; no bounds where there are none. */
function boundsOf(parts: readonly Part[]): TextsHow {
  const [first, last] = [parts[0], parts.at(-1)];
  return first && last ? { within: rowsOf({ ...first, to: last.to }) } : {};
}

const rowsOf = ({ from, to }: Part) => `row BETWEEN ${from} AND ${to}`;

/** Counts the characters that there are to look through, by some division of the rows. */
async function readParts(
  read: Read,
  { from, where, values }: SelectedRows,
  { chars }: TextCost,
  by: string,
  within = 'true',
): Promise<Part[]> {
  const found = await read(
    `SELECT min(row)::DOUBLE, max(row)::DOUBLE, sum(chars)::DOUBLE, max(chars)::DOUBLE
     FROM (SELECT row, ${chars} AS chars FROM ${from} WHERE ${where} AND ${within}) GROUP BY ${by} ORDER BY 1`,
    values,
  );
  const at = (column: number, i: number) => found.at<number>(column)[i] ?? 0;
  return Array.from({ length: found.count }, (_, i) => ({
    from: at(0, i),
    to: at(1, i),
    chars: at(2, i),
    most: at(3, i),
  }));
}
