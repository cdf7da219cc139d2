import { conditionsOf } from '@rolloscope/contract/conditions';
import { patternSize } from '../../../patterns/patternSize';
import type { RowQuery } from '../../EngineReads';
import { isText, type Layout } from '../Layout';
import { allPlaces, charsSql, type SelectedColumn, selectColumns } from './columnSql';
import { isOfTexts, searchedColumns } from './filterSql';

/**
 * Nanoseconds a character that RE2 takes for a plain text, and for each step of a pattern over texts that suit it badly.
 * Measured: a hundredth of that over most texts, three times as much over those that are made for it.
 */
const PLAIN = 3;
const STEP = 5;

/** The time that conditions on texts may take. */
export interface TextCost {
  /** SQL of the characters of a row that are looked through. */
  chars: string;
  /** Nanoseconds that each may take. */
  each: number;
  /** The same of the patterns alone, which take so long for one text, too. */
  ofPatterns: number;
}

/** Estimates the cost; returns undefined where a selection has no condition on texts. */
export function textCost(layout: Layout, query: RowQuery): TextCost | undefined {
  const table = layout.table(query.table);
  const conditions = (query.filter ?? []).flatMap(conditionsOf).filter(isOfTexts);
  const { search } = query;
  if (!table || (conditions.length === 0 && !search)) {
    return undefined;
  }
  const runs = query.scopes.map(({ run }) => run);
  const columns = selectColumns(layout, table, runs);
  const named = new Set(conditions.map(({ column }) => column));
  const looked = new Set<SelectedColumn>([
    ...columns.filter(({ name }) => named.has(name)),
    ...(search ? searchedColumns(search, columns) : []),
  ]);
  const find = (name: string) => columns.find((one) => one.name === name);
  const texts = [...looked].flatMap((column) => allPlaces(column, find)).filter(({ type }) => isText(type));
  const lengths = new Set(texts.map(charsSql));
  const patterns = [
    ...conditions.flatMap(({ op, value }) => (op === 'matches' ? [String(value)] : [])),
    ...(search?.mode === 'regex' ? [search.text] : []),
  ];
  const ofPatterns = patterns.reduce((sum, pattern) => sum + STEP * patternSize(pattern), 0);
  const plain = conditions.length + (search ? 2 : 0) - patterns.length;
  return {
    chars: [...lengths].map((chars) => `coalesce(${chars}, 0)`).join(' + ') || '0',
    each: ofPatterns + PLAIN * Math.max(0, plain),
    ofPatterns,
  };
}
