import type { DataQuery, ScopedVars } from '@grafana/data';
import { CHOICE_KINDS, type ChoiceKind, type ChoiceQuery } from '../choices/listChoices';
import { filler, fillRuns, type Replace } from '../interpolate';
import type { RunChoice } from '../query';
import { runsOf, textOf, textsOf } from '../savedFields';

/** Stands for what a person types into the variable's list; Grafana fills it in. */
export const SEARCH_FILTER = '$__searchFilter';

/** The question whose answer a dashboard variable lists; every text may hold other variables. */
export interface VariableQuery extends DataQuery {
  kind: ChoiceKind;
  /** The runs whose entries are listed; all when left out. */
  runs?: RunChoice;
  /** `columns`, `steps`. */
  table?: string;
  /** `values`. */
  key?: string;
  /** `metrics`. */
  glob?: string;
  /** A text that every choice contains; `$__searchFilter` has the store search while one types. */
  q?: string;
}

export const DEFAULT_VARIABLE: VariableQuery = { refId: 'variable', kind: 'runs' };

/** Brings a saved variable to today's form: before query version 2, `run`, `project` and `tag` said which runs. */
export function migrateVariable(saved: DataQuery): VariableQuery {
  const given = saved as DataQuery & Record<string, unknown>;
  const { run, project, tag } = given;
  const byHand = typeof saved === 'string' ? saved : given.kind;
  const filter = { by: 'filter', project, tag };
  const old = textsOf(run) ? runsOf(run) : textsOf(project) || textsOf(tag) ? runsOf(filter) : undefined;
  const runs = given.runs === undefined ? old : runsOf(given.runs);
  const [table, key, glob, q] = [given.table, given.key, given.glob, given.q].map(textOf);
  return {
    ...DEFAULT_VARIABLE,
    ...(isKind(byHand) && { kind: byHand }),
    ...(runs && { runs }),
    ...(table && { table }),
    ...(key && { key }),
    ...(glob && { glob }),
    ...(q && { q }),
  };
}

const isKind = (kind: unknown): kind is ChoiceKind => CHOICE_KINDS.some((one) => one === kind);

/** The query of a variable with the variables in it filled in, such as `$project`. */
export function fillVariable(query: VariableQuery, templates: Replace, scoped?: ScopedVars): ChoiceQuery {
  const fill = filler(templates, scoped);
  const { kind, runs, table, key, glob, q } = query;
  const searched = q && fill.one(q);
  return {
    kind,
    ...(runs && { runs: fillRuns(runs, fill) }),
    ...(table && { table: fill.one(table) }),
    ...(key && { key: fill.one(key) }),
    ...(glob && { glob: fill.one(glob) }),
    // Nothing was typed: Grafana then leaves the words as they are.
    ...(searched && searched !== SEARCH_FILTER && { q: searched }),
  };
}
