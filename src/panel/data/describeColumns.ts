import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { ROW_ID_FIELD, type RowsFrameMeta } from '@rolloscope/contract/frames';
import { guessRole, isForMany, type LabelColumn, ROLES, type Role } from '@rolloscope/contract/names';
import type { TableColumn } from './TableData';

const STEP = /^(_?step|global_step|train(ing|er)?_step|iteration)$/i;

const TYPES: Partial<Record<FieldType, TableColumn['type']>> = {
  [FieldType.number]: 'number',
  [FieldType.boolean]: 'boolean',
  [FieldType.time]: 'time',
  [FieldType.string]: 'string',
};

/** The names of the columns of labels in a table; the first stands for all of them. */
const LABEL_NAMES: Readonly<Record<string, string>> = {
  labelVerdict: 'labels',
  labelStars: 'stars',
  labelVerdicts: 'verdicts',
  labelComment: 'comment',
  labelPeople: 'labelled by',
  labelTime: 'labelled',
} satisfies Record<LabelColumn, string>;

/** Roles that an editor has corrected, by column; null for none. */
export type GivenRoles = Readonly<Record<string, Role | null>>;

/**
 * The columns of a frame with what each stands for: as an editor says, else the store, else as the name tells. The first
 * column has a role that several claim; reward functions and media may be many.
 */
export function describeColumns(frame: DataFrame, meta?: RowsFrameMeta, given: GivenRoles = {}): TableColumn[] {
  const isGiven = (name: string) => Object.hasOwn(given, name);
  const taken = new Set<string | null>(
    frame.fields.filter(({ name }) => isGiven(name)).map(({ name }) => given[name] ?? null),
  );
  for (const role of ROLES.filter(isForMany)) {
    taken.delete(role);
  }
  return frame.fields
    .filter(({ name }) => name !== ROW_ID_FIELD)
    .map((field) => {
      const known = meta?.columns.find(({ name }) => name === field.name);
      const own = known ? known.role : guessRole(field.name);
      const role = isGiven(field.name) ? given[field.name] : STEP.test(field.name) ? 'step' : own;
      const column = {
        name: field.name,
        label: field.config.displayName || (known?.origin === 'label' && LABEL_NAMES[field.name]) || field.name,
        type: columnType(field, known?.type),
        field,
        ...(known?.origin === 'derived' && { isDerived: true as const }),
        ...(known?.origin === 'label' && { isLabel: true as const }),
      };
      if (!role || (taken.has(role) && !isGiven(field.name))) {
        return column;
      }
      if (role === 'step' || !isForMany(role)) {
        taken.add(role);
      }
      return { ...column, role };
    });
}

/** Columns that only whole rows have. */
export const apartColumns = ({ apart = [] }: RowsFrameMeta): TableColumn[] =>
  apart.map(({ name, type, role, origin }) => ({
    name,
    label: name,
    type,
    ...(role && { role }),
    ...(origin === 'derived' && { isDerived: true as const }),
    field: { name, type: FieldType.other, values: [], config: {} },
  }));

function columnType(field: Field, known: TableColumn['type'] | undefined): TableColumn['type'] {
  return field.type === FieldType.time ? 'time' : (known ?? TYPES[field.type] ?? 'json');
}

/** Says whether a frame reads as rollouts: by a text that was sent, answered or said, its reward, or an image. */
export function isRolloutTable(columns: readonly TableColumn[]): boolean {
  return columns.some(
    ({ role }) =>
      role === 'prompt' || role === 'response' || role === 'messages' || role === 'reward' || role === 'media',
  );
}
