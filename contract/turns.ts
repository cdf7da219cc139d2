import { type Static, Type } from 'typebox';
import { TURN_KINDS } from './names';
import { Count, strict } from './scalars';

const Moment = Type.Number({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'Epoch milliseconds.' });

/**
 * One turn or call of a rollout, in a cell of a column in the role `turns`: a list of them in the order in which they
 * began, one shape for all trainers. A reader (`readTurns`) takes what is sound of any list and says what is not, so a
 * store need not refuse one.
 */
export const Turn = Type.Object(
  {
    kind: Type.Enum([...TURN_KINDS], {
      description:
        'What the time went to: generating, a tool’s call, the environment or harness, or waiting for one of them.',
    }),
    message: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Index of what was said in the list of the role `messages`.' }),
    ),
    role: Type.Optional(Type.String({ description: 'Who speaks, where there is no such message.' })),
    content: Type.Optional(Type.String({ description: 'What was said or done, where there is no such message.' })),
    tool: Type.Optional(Type.String({ description: 'Name of the tool, or of the phase of an environment.' })),
    start: Type.Optional(Moment),
    end: Type.Optional(Moment),
    seconds: Type.Optional(
      Type.Number({ minimum: 0, description: 'How long it took, where its start or end is unknown.' }),
    ),
    tokensIn: Type.Optional(Count),
    tokensOut: Type.Optional(Count),
    reward: Type.Optional(Type.Number()),
    error: Type.Optional(Type.String()),
    policyVersion: Type.Optional(Type.Integer({ description: 'Of the weights that generated it.' })),
    finishReason: Type.Optional(Type.String()),
    parent: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Index in the list of the turn that it goes on from, where that is not the one before: a branch.',
      }),
    ),
  },
  strict,
);
export type Turn = Static<typeof Turn>;
