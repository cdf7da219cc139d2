import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { AsOf, Name, strict, Time } from './scalars';

/** The person whose label it is. Control characters would let one name look like another. */
const Person = Type.String({
  minLength: 1,
  maxLength: LIMITS.nameChars,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]+$',
});
const Comment = Type.String({ maxLength: LIMITS.commentChars });

/** The label that one person gives a rollout, or gave it at a time. */
export const Label = Type.Object(
  {
    person: Name,
    proven: Type.Boolean({
      description: 'Grafana named the person (`X-Grafana-User`); else it is what the bearer of the token said.',
    }),
    star: Type.Boolean(),
    verdict: Type.Optional(Name),
    comment: Type.Optional(Comment),
    version: Type.Integer({ minimum: 1, description: 'Counts what this person did to the rollout.' }),
    time: Time,
  },
  strict,
);
export type Label = Static<typeof Label>;

/** A change of a label: a field that is left out stays as it is; null takes a verdict or a comment away, as a comment of blanks does. */
export const LabelPut = Type.Object(
  {
    person: Type.Optional(Person),
    star: Type.Optional(Type.Boolean()),
    verdict: Type.Optional(Type.Union([Name, Type.Null()])),
    comment: Type.Optional(Type.Union([Comment, Type.Null()])),
    version: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description:
          'The version of the person’s label that the change is made of, 0 for none: with another one there it is a `label_conflict`. Left out, the change is made of whatever is there.',
      }),
    ),
  },
  strict,
);
export type LabelPut = Static<typeof LabelPut>;
export const LabelAnswer = Type.Object({ label: Label }, strict);
export type LabelAnswer = Static<typeof LabelAnswer>;

export const LabelsQuery = Type.Object({ since: Type.Optional(AsOf) }, strict);
export type LabelsQuery = Static<typeof LabelsQuery>;

/** The labels of a rollout: of each person the newest, an emptied label too, and all that was said before, oldest first. */
export const LabelsAnswer = Type.Object(
  {
    labels: Type.Array(Label),
    history: Type.Array(Label, { description: `The newest ${LIMITS.listEntries}.` }),
    changes: Type.Integer({ minimum: 0, description: 'How many entries the whole history has.' }),
    verdicts: Type.Array(Name, { description: 'What a verdict may be in this store.' }),
    taken: Type.Boolean({ description: 'Whether the store has a token by which rollouts are labelled.' }),
    rows: Type.Integer({
      minimum: 0,
      description: 'Rows that are this rollout: logged again, or word for word the same.',
    }),
    same: Type.Optional(
      Type.Boolean({ description: 'Nothing was said since `since`: labels and history are left out (empty).' }),
    ),
    asOf: AsOf,
  },
  strict,
);
export type LabelsAnswer = Static<typeof LabelsAnswer>;
