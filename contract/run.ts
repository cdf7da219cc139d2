import { type Static, Type } from 'typebox';
import { LIMITS } from './limits';
import { byName, Count, Json, Name, Step, strict, Time } from './scalars';

/** `crashed`: silent for longer than the store's limit. Logging again reopens a run. */
export const RUN_STATES = ['running', 'finished', 'failed', 'crashed'] as const;
export const RunState = Type.Enum([...RUN_STATES]);
export type RunState = (typeof RUN_STATES)[number];

/** A machine, or a part of one, that a run ran on; a multi-node job has several. `from` and `to` bound the time. */
export const Resource = Type.Object(
  {
    host: Name,
    pod: Type.Optional(Name),
    namespace: Type.Optional(Name),
    slurmJob: Type.Optional(Name),
    gpus: Type.Optional(Type.Array(Name, { maxItems: 1024 })),
    from: Type.Optional(Time),
    to: Type.Optional(Time),
  },
  strict,
);
export type Resource = Static<typeof Resource>;

/** One stretch of a run that logged forward; a resume at an older step begins the next. `n` counts from 1. */
export const Attempt = Type.Object({ n: Count, startedAt: Time, fromStep: Step }, strict);
export type Attempt = Static<typeof Attempt>;

export const Parent = Type.Object({ run: Name, step: Step }, strict);
const Tags = Type.Array(Name, { maxItems: 100, uniqueItems: true });
const Config = byName(Json);
const Notes = Type.String({ maxLength: 10_000, description: 'What a person wrote about the run.' });

export const Run = Type.Object(
  {
    id: Name,
    project: Name,
    name: Name,
    number: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Counts the runs of the project as they are created: a colour chosen by it differs from its neighbours’.',
      }),
    ),
    group: Type.Optional(Name),
    state: RunState,
    tags: Tags,
    config: Type.Optional(Config),
    summary: Type.Optional(byName(Json, { description: 'Last value of every metric.' })),
    createdAt: Time,
    updatedAt: Time,
    finishedAt: Type.Optional(Time),
    lastStep: Type.Optional(Step),
    lastTime: Type.Optional(Time),
    attempts: Type.Array(Attempt),
    notes: Type.Optional(Notes),
    baseline: Type.Optional(Name),
    parent: Type.Optional(Parent),
    resources: Type.Optional(Type.Array(Resource)),
    archived: Type.Boolean(),
    bytes: Type.Optional(Count),
  },
  strict,
);
export type Run = Static<typeof Run>;

/** The fields of a run that a chart shows: they travel with the points, so that nobody has to ask for it. */
export const RunBrief = Type.Pick(Run, [
  'id',
  'project',
  'name',
  'number',
  'group',
  'state',
  'createdAt',
  'baseline',
] as const);
export type RunBrief = Static<typeof RunBrief>;

/**
 * Creates a run, or merges into it: fields left out stay, `config` merges key by key (a null deletes a key), lists
 * replace. Idempotent.
 */
export const RunPut = Type.Object(
  {
    project: Name,
    name: Type.Optional(Name),
    group: Type.Optional(Name),
    tags: Type.Optional(Tags),
    config: Type.Optional(Config),
    startedAt: Type.Optional(Time),
    notes: Type.Optional(Notes),
    baseline: Type.Optional(Name),
    parent: Type.Optional(Parent),
    resources: Type.Optional(Type.Array(Resource, { maxItems: LIMITS.listEntries })),
    archived: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type RunPut = Static<typeof RunPut>;

export const RunFinish = Type.Object({ state: Type.Optional(RunState) }, strict);
export type RunFinish = Static<typeof RunFinish>;

export const RunDeleted = Type.Object({ deleted: Name }, strict);

export const Project = Type.Object({ name: Name, runs: Count, updatedAt: Time }, strict);
export type Project = Static<typeof Project>;
export const ProjectsAnswer = Type.Object({ projects: Type.Array(Project) }, strict);
export type ProjectsAnswer = Static<typeof ProjectsAnswer>;
