import { BARE_HARMONY, GLUED_NAMES } from './gluedNames';
import type { Mark, Template } from './Template';
import type { TurnRole } from './Turn';

const ALL: readonly TurnRole[] = ['system', 'user', 'assistant', 'tool'];
const NAME = '[^\\n<|]{0,100}';
const END_OF_TEXT = { token: '<\\|endoftext\\|>' };
/** The next turn may begin with a beginning of its own. */
const END_S = { token: '</s>(?:\\s?<s>)?' };

const named = (token: string): Mark => ({ token, opens: 'named' });

/**
 * The chat templates, most telling first: where the tokens of several could open a text, the first one has it. Written
 * from the models' published tokenizer configurations.
 */
export const TEMPLATES: readonly Template[] = [
  {
    name: 'ChatML',
    lead: '<\\|endoftext\\|>',
    marks: [named(`<\\|im_start\\|>${NAME}(?:\\n|$)`), { token: '<\\|im_end\\|>\\n?' }, END_OF_TEXT],
    ends: ALL,
  },
  {
    name: 'Phi-4',
    marks: [named(`<\\|im_start\\|>${NAME}<\\|im_sep\\|>`), { token: '<\\|im_end\\|>' }, END_OF_TEXT],
    ends: ALL,
  },
  {
    name: 'Kimi',
    marks: [
      named(`<\\|im_(?:user|assistant|system|tool)\\|>${NAME}(?:<\\|im_middle\\|>|$)`),
      { token: '<\\|im_end\\|>' },
      { token: '\\[EOS\\]' },
    ],
    ends: ALL,
  },
  {
    name: 'ChatML without bars',
    marks: [named('<im_start>[^\\n<|]{0,100}(?:\\n|$)'), { token: '<im_end>\\n?' }, { token: '<endoftext>' }],
    ends: ALL,
  },
  {
    name: 'Llama 4',
    lead: '<\\|begin_of_text\\|>',
    marks: [
      named(`<\\|header_start\\|>${NAME}(?:<\\|header_end\\|>(?:\\n\\n)?|$)`),
      { token: '<\\|(?:eot|eom|end_of_text)\\|>' },
    ],
    ends: ALL,
  },
  {
    name: 'Llama 3',
    lead: '<\\|begin_of_text\\|>',
    leadOpens: 'text',
    marks: [
      named(`<\\|start_header_id\\|>${NAME}(?:<\\|end_header_id\\|>(?:\\n\\n)?|$)`),
      { token: '<\\|(?:eot_id|eom_id|end_of_text)\\|>' },
    ],
    ends: ALL,
  },
  {
    name: 'Gemma',
    lead: '<bos>',
    marks: [named(`<start_of_turn>${NAME}(?:\\n|$)`), { token: '<end_of_turn>\\n?' }, { token: '<eos>' }],
    ends: ALL,
  },
  {
    name: 'Harmony',
    marks: [
      named(
        '<\\|start\\|>[^<]{0,200}(?:<\\|channel\\|>[^<]{0,200})?(?:<\\|constrain\\|>[^<]{0,100})?(?:<\\|message\\|>|$)',
      ),
      // Where the prompt ends with `<|start|>assistant`, the response goes on with its channel.
      named('<\\|channel\\|>[^<]{0,200}(?:<\\|constrain\\|>[^<]{0,100})?<\\|message\\|>'),
      { token: '<\\|(?:end|return|call)\\|>' },
    ],
    ends: ALL,
  },
  {
    name: 'DeepSeek',
    losesEnds: true,
    lead: '<｜begin▁of▁sentence｜>',
    leadOpens: 'system',
    marks: [
      { token: '<｜User｜>', opens: 'user' },
      { token: '<｜Assistant｜>', opens: 'assistant' },
      { token: '<｜tool▁outputs▁begin｜>', opens: 'tool' },
      // The model goes on at once behind what a tool gave.
      { token: '<｜tool▁outputs▁end｜>', opens: 'assistant' },
      { token: '<｜end▁of▁sentence｜>' },
    ],
    ends: ['assistant'],
  },
  {
    name: 'Command R',
    lead: '<BOS_TOKEN>',
    marks: [
      { token: '<\\|START_OF_TURN_TOKEN\\|><\\|USER_TOKEN\\|>', opens: 'user' },
      { token: '<\\|START_OF_TURN_TOKEN\\|><\\|CHATBOT_TOKEN\\|>', opens: 'assistant' },
      { token: '<\\|START_OF_TURN_TOKEN\\|><\\|SYSTEM_TOKEN\\|>', opens: 'system' },
      { token: '<\\|END_OF_TURN_TOKEN\\|>' },
    ],
    ends: ALL,
  },
  {
    name: 'Granite',
    marks: [named(`<\\|start_of_role\\|>${NAME}(?:<\\|end_of_role\\|>|$)`), { token: '<\\|end_of_text\\|>\\n?' }],
    ends: ALL,
  },
  {
    name: 'Llama 2',
    losesEnds: true,
    lead: '<s>',
    marks: [
      { token: '\\[INST\\] ?<<SYS>>\\n?', opens: 'system' },
      { token: '\\n?<</SYS>>\\n{0,2}', opens: 'user' },
      { token: '\\[INST\\] ?', opens: 'user' },
      { token: ' ?\\[/INST\\] ?', opens: 'assistant' },
      END_S,
    ],
    ends: ['assistant'],
  },
  {
    name: 'Mistral',
    lead: '<s>',
    marks: [
      { token: '\\[SYSTEM_PROMPT\\] ?', opens: 'system' },
      { token: '\\[AVAILABLE_TOOLS\\] ?', opens: 'system' },
      { token: ' ?\\[/(?:SYSTEM_PROMPT|AVAILABLE_TOOLS)\\]' },
      { token: '\\[INST\\] ?', opens: 'user' },
      { token: ' ?\\[/INST\\] ?', opens: 'assistant' },
      { token: '\\[TOOL_RESULTS\\] ?', opens: 'tool' },
      { token: ' ?\\[/TOOL_RESULTS\\] ?', opens: 'assistant' },
      END_S,
    ],
    ends: ['assistant', 'system'],
  },
  {
    name: 'Phi-3, Zephyr, Tulu, GLM',
    lead: '<s>|\\[gMASK\\]\\s?<sop>',
    marks: [
      named('<\\|(?:system|user|assistant|tool|observation)\\|>\\n?'),
      { token: '<\\|end\\|>\\n?' },
      { token: '</s>\\n?' },
      END_OF_TEXT,
    ],
    // GLM has no ending tokens.
    ends: [],
  },
  BARE_HARMONY,
  GLUED_NAMES,
  {
    name: 'ChatML, tokens stripped',
    marks: [named('(?:^|\\n)(?:system|user|assistant|tool)\\n(?!\\n)')],
    ends: [],
    isGuess: true,
  },
  {
    name: 'Llama 3, tokens stripped',
    // The token before it is gone, so that the name clings to what was said last.
    marks: [named('(?<! )(?:system|user|assistant|ipython)\\n\\n')],
    ends: [],
    isGuess: true,
  },
  {
    name: 'Gemma, tokens stripped',
    marks: [named('(?:^|\\n)(?:user|model)\\n')],
    ends: [],
    isGuess: true,
  },
  {
    name: 'Instruction and response',
    marks: [
      { token: '(?:^|\\n)### (?:Instruction|Input|Question|User):[ \\n]?', opens: 'user' },
      { token: '(?:^|\\n)### (?:Response|Answer|Assistant):[ \\n]?', opens: 'assistant' },
    ],
    ends: [],
    isGuess: true,
  },
  {
    name: 'Blocks of SkyRL',
    marks: [
      { token: '(?:^|\\n\\n)\\[SYSTEM\\]\\n', opens: 'system' },
      { token: '(?:^|\\n\\n)\\[USER\\]\\n', opens: 'user' },
      { token: '(?:^|\\n\\n)\\[ASSISTANT\\]\\n', opens: 'assistant' },
      // It does not tell a tool from a user there.
      { token: '(?:^|\\n\\n)\\[USER/TOOL\\]\\n', opens: 'tool' },
    ],
    ends: [],
    isGuess: true,
  },
  {
    name: 'User and Assistant',
    marks: [
      { token: '(?:^|\\n|(?<=[.!?:] ))(?:User|Human): ?', opens: 'user' },
      { token: '(?:^|\\n|(?<=[.!?:] ))(?:Assistant|AI): ?', opens: 'assistant' },
      { token: '(?:^|\\n)System: ?', opens: 'system' },
    ],
    ends: [],
    isGuess: true,
  },
];
