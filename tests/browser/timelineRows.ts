/** A `turns` is mostly a count, so its role is given. */
export const TIMELINE_COLUMNS = ['reward', 'messages', { name: 'turns', role: 'turns' }];

const START = 1_780_000_000_000;
type Message = Record<string, unknown>;
type Turn = Record<string, unknown>;

const call = (name: string, args: unknown): Message => ({
  role: 'assistant',
  content: `I look with ${name}.`,
  tool_calls: [{ function: { name, arguments: JSON.stringify(args) } }],
});

/** A model that calls a tool `rounds` times, and then answers; each takes as long as it is told. */
export function agentRollout(
  rounds: number,
  options: {
    toolMs?: (round: number) => number;
    policy?: (round: number) => number;
    tool?: (round: number) => string;
  } = {},
): { messages: Message[]; turns: Turn[]; milliseconds: number } {
  const {
    toolMs = (round) => 300 + ((round * 137) % 900),
    policy = () => 7,
    tool = (round) => (round % 2 ? 'bash' : 'search'),
  } = options;
  const messages: Message[] = [{ role: 'user', content: 'Find the number that is hidden in the files.' }];
  const turns: Turn[] = [{ kind: 'queue', start: START, end: START + 800 }];
  let now = START + 800;
  const take = (turn: Turn, milliseconds: number) => {
    turns.push({ ...turn, start: now, end: now + milliseconds });
    now += milliseconds;
  };
  for (let round = 0; round < rounds; round++) {
    const name = tool(round);
    take(
      { kind: 'generate', message: messages.length, tokensOut: 30 + round, policyVersion: policy(round) },
      500 + ((round * 71) % 400),
    );
    messages.push(call(name, { query: `clue ${round}` }));
    take({ kind: 'tool', tool: name, message: messages.length }, toolMs(round));
    messages.push({
      role: 'tool',
      name,
      content: `Clue ${round}: ${round * 7}. ${'What stands around it. '.repeat(round % 40)}`,
    });
  }
  take({ kind: 'generate', message: messages.length, tokensOut: 12, policyVersion: policy(rounds) }, 900);
  messages.push({ role: 'assistant', content: 'It is \\boxed{42}.' });
  take({ kind: 'environment', tool: 'scoring' }, 400);
  return { messages, turns, milliseconds: now - START };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own syntax, which must stay as it is written
const HOSTILE = '<img src=x onerror=alert(1)>\u202e${run}'.padEnd(400, 'x');

/** Of the round that is by far the slowest. */
export const SLOW_ROUND = 6;
export const TWENTY = agentRollout(10, {
  toolMs: (round) => (round === SLOW_ROUND ? 41_000 : 300 + round * 20),
  policy: (round) => (round < 5 ? 11 : 12),
  tool: (round) => (round === SLOW_ROUND ? 'bash' : 'search'),
});
const LONG = agentRollout(400);
const untimed = agentRollout(6);

/** Rollouts with a timeline: of 20 turns, 1, 800, without times, without turns, not sound, and with hostile names. */
export function timelineRows(): unknown[][] {
  return [
    [1, TWENTY.messages, TWENTY.turns],
    [
      0.5,
      [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello.' },
      ],
      [{ kind: 'generate', message: 1, start: START, end: START + 3_200, policyVersion: 4 }],
    ],
    [0.9, LONG.messages, LONG.turns],
    [0.4, untimed.messages, untimed.turns.map(({ start: _start, end: _end, ...rest }) => rest)],
    [0.3, untimed.messages, null],
    [
      0.2,
      untimed.messages,
      [
        { kind: 'generate', message: 1, start: START + 5_000, end: START + 2_000, parent: 7 },
        { kind: 'generate', message: 1, start: START + 5_000, end: START + 9_000, parent: 2 },
        { kind: 'tool', tool: 'bash', message: 2, start: START + 36_000_000, end: START + 36_004_000, parent: 1 },
        { kind: 'tool', tool: 'bash', message: 99, start: START + 36_001_000, end: START + 36_003_000 },
        { kind: 'generate', message: 3, start: START + 1_000, end: START + 3_000, policyVersion: 4 },
        { kind: 'generate', message: 5, start: START + 3_500, end: START + 4_000, policyVersion: 3 },
        'no turn',
      ],
    ],
    [
      0.1,
      untimed.messages,
      [
        {
          kind: 'tool',
          tool: HOSTILE,
          message: 2,
          start: START,
          end: START + 2_000,
          error: HOSTILE,
          finishReason: HOSTILE,
        },
        { kind: 'tool', tool: '', message: 4, start: START + 2_000, end: START + 3_000, content: HOSTILE },
      ],
    ],
  ];
}

/** A rollout of 60,000 turns. */
export const manyTurns = (): unknown[] => [
  0,
  untimed.messages,
  Array.from({ length: 60_000 }, (_, i) => ({ kind: i % 2 ? 'tool' : 'generate', tool: 'a', seconds: 1 })),
];
