import type { Pattern } from '../../../patterns/PatternThreads';

/** A pattern to be looked for in one column of `texts`. */
interface TextTest extends Pattern {
  physical: string;
}

/** The numbers of tests and of the rows in which they found something. */
const FOUND = 'temp.found_long';

/**
 * Patterns over long texts. DuckDB cannot be stopped in the middle of one text, so a text over which a pattern may take
 * too long is not for it: it is looked through elsewhere, before, and what was found is in a table.
 */
export class TextTests {
  static readonly TABLE = FOUND;
  readonly all: TextTest[] = [];

  /** `bytes`: longer texts are not for DuckDB. */
  constructor(readonly bytes: number) {}

  /** The test as it is for short texts, and for longer ones what was found. */
  sql(sql: string, test: TextTest): string {
    const known = this.all.findIndex(
      ({ physical, pattern, ignoresCase }) =>
        physical === test.physical && pattern === test.pattern && ignoresCase === test.ignoresCase,
    );
    const number = known < 0 ? this.all.push(test) - 1 : known;
    return `CASE WHEN strlen(${test.physical}) <= ${this.bytes} THEN ${sql}
                 ELSE row IN (SELECT row FROM ${FOUND} WHERE test = ${number}) END`;
  }
}
