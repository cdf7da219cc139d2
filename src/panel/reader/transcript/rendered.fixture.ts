/** One short conversation as each template writes it: system, user, tool call, tool result, answer. */
export interface Rendered {
  name: string;
  /** The text up to where the model goes on. */
  prompt: string;
  response: string;
  /** Speakers of the prompt, then of the response. */
  speakers: string[];
  /** The tokens that a decoder which skips special ones leaves out; left out where nothing is special. */
  special?: RegExp;
  /** The template and the speakers that can still be told then; left out where nothing tells any. */
  bare?: { template: string; speakers: string[] };
}

const CHAT = ['system', 'user', 'assistant', 'assistant'];
const SYSTEM = 'You are a helpful assistant.';
const ASK = 'What is 2+2?\nShow your work.';
const SAY = '<think>\n2+2\n</think>\nIt is \\boxed{4}.';

export const RENDERED: Rendered[] = [
  {
    name: 'ChatML',
    prompt: `<|im_start|>system\n${SYSTEM}<|im_end|>\n<|im_start|>user\n${ASK}<|im_end|>\n<|im_start|>assistant\n`,
    response: `${SAY}<|im_end|>\n<|endoftext|>`,
    speakers: CHAT,
    special: /<\|(?:im_start|im_end|endoftext)\|>/g,
    bare: { template: 'ChatML, tokens stripped', speakers: CHAT },
  },
  {
    name: 'ChatML without bars',
    prompt: `<im_start>system\n${SYSTEM}<im_end>\n<im_start>user\n${ASK}<im_end>\n<im_start>assistant\n`,
    response: `${SAY}<im_end>`,
    speakers: CHAT,
  },
  {
    name: 'ChatML, tokens stripped',
    prompt: `system\n${SYSTEM}\nuser\n${ASK}\nassistant\n`,
    response: SAY,
    speakers: CHAT,
  },
  {
    name: 'Phi-4',
    prompt: `<|im_start|>system<|im_sep|>${SYSTEM}<|im_end|><|im_start|>user<|im_sep|>${ASK}<|im_end|><|im_start|>assistant<|im_sep|>`,
    response: `${SAY}<|im_end|>`,
    speakers: CHAT,
    special: /<\|[a-z_]+\|>/g,
    bare: { template: 'Phi-4, Kimi or Granite, tokens stripped', speakers: CHAT },
  },
  {
    name: 'Phi-3, Zephyr, Tulu, GLM',
    prompt: `<|system|>\n${SYSTEM}<|end|>\n<|user|>\n${ASK}<|end|>\n<|assistant|>\n`,
    response: `${SAY}<|end|>`,
    speakers: CHAT,
    special: /<\|[a-z_]+\|>\n?/g,
  },
  {
    name: 'Phi-3, Zephyr, Tulu, GLM',
    prompt: `[gMASK]<sop><|system|>\n${SYSTEM}<|user|>\n${ASK}<|assistant|>\n`,
    response: `${SAY}<|observation|>\n4<|assistant|>\nDone.`,
    speakers: [...CHAT, 'tool', 'assistant'],
    special: /<\|[a-z_]+\|>|\[gMASK\]<sop>/g,
  },
  {
    name: 'Llama 3',
    prompt: `<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${SYSTEM}<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n${ASK}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n`,
    response: `<|python_tag|>print(2+2)<|eom_id|><|start_header_id|>ipython<|end_header_id|>\n\n4<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n${SAY}<|eot_id|>`,
    speakers: [...CHAT, 'tool', 'assistant'],
    special: /<\|[a-z_]+\|>/g,
    bare: { template: 'Llama 3, tokens stripped', speakers: [...CHAT, 'tool', 'assistant'] },
  },
  {
    name: 'Llama 3, tokens stripped',
    prompt: `system\n\nCutting Knowledge Date: December 2023\n\n${SYSTEM}user\n\n${ASK}assistant\n\n`,
    response: SAY,
    speakers: CHAT,
  },
  {
    name: 'Llama 4',
    prompt: `<|begin_of_text|><|header_start|>system<|header_end|>\n\n${SYSTEM}<|eot|><|header_start|>user<|header_end|>\n\n${ASK}<|eot|><|header_start|>assistant<|header_end|>\n\n`,
    response: `${SAY}<|eot|>`,
    speakers: CHAT,
    special: /<\|[a-z_]+\|>/g,
    bare: { template: 'Llama 3, tokens stripped', speakers: CHAT },
  },
  {
    name: 'Llama 2',
    prompt: `<s>[INST] <<SYS>>\n${SYSTEM}\n<</SYS>>\n\n${ASK} [/INST] `,
    response: `${SAY}</s>`,
    speakers: CHAT,
    special: /<\/?s>/g,
    bare: { template: 'Llama 2', speakers: CHAT },
  },
  {
    name: 'Mistral',
    prompt: `<s>[SYSTEM_PROMPT]${SYSTEM}[/SYSTEM_PROMPT][AVAILABLE_TOOLS][{"type":"function"}][/AVAILABLE_TOOLS][INST]${ASK}[/INST]`,
    response: `[TOOL_CALLS][{"name":"add"}]</s>[TOOL_RESULTS]4[/TOOL_RESULTS]It is 4.</s>`,
    speakers: ['system', 'system', 'user', 'assistant', 'assistant', 'tool', 'assistant'],
    special: /<\/?s>|\[\/?[A-Z_]+\]/g,
  },
  {
    name: 'Gemma',
    prompt: `<bos><start_of_turn>user\n${ASK}<end_of_turn>\n<start_of_turn>model\n`,
    response: `${SAY}<end_of_turn>\n<eos>`,
    speakers: ['user', 'assistant', 'assistant'],
    special: /<(?:bos|eos|start_of_turn|end_of_turn)>/g,
    bare: { template: 'Gemma, tokens stripped', speakers: ['user', 'assistant', 'assistant'] },
  },
  {
    name: 'Gemma, tokens stripped',
    prompt: `user\n${ASK}\nmodel\n`,
    response: SAY,
    speakers: ['user', 'assistant', 'assistant'],
  },
  {
    name: 'DeepSeek',
    prompt: `<｜begin▁of▁sentence｜>${SYSTEM}<｜User｜>${ASK}<｜Assistant｜>`,
    response: `<think>\nadd\n</think>\n<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>add\n{}<｜tool▁call▁end｜><｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁outputs▁begin｜><｜tool▁output▁begin｜>4<｜tool▁output▁end｜><｜tool▁outputs▁end｜>It is 4.<｜end▁of▁sentence｜>`,
    speakers: [...CHAT, 'tool', 'assistant'],
    special: /<｜(?:begin|end)▁of▁sentence｜>/g,
    bare: { template: 'DeepSeek', speakers: ['text', 'user', 'assistant', 'assistant', 'tool', 'assistant'] },
  },
  {
    name: 'Harmony',
    prompt: `<|start|>system<|message|>${SYSTEM}\n\n# Valid channels: analysis, commentary, final.<|end|><|start|>developer<|message|># Tools<|end|><|start|>user<|message|>${ASK}<|end|><|start|>assistant`,
    response: `<|channel|>analysis<|message|>add<|end|><|start|>assistant<|channel|>commentary to=functions.add <|constrain|>json<|message|>{"a":2}<|call|><|start|>functions.add to=assistant<|channel|>commentary<|message|>4<|end|><|start|>assistant<|channel|>final<|message|>It is 4.<|return|>`,
    speakers: ['system', 'system', 'user', 'assistant', 'assistant', 'assistant', 'tool', 'assistant'],
    special: /<\|[a-z]+\|>/g,
    bare: {
      template: 'Harmony, tokens stripped',
      speakers: ['system', 'system', 'user', 'assistant', 'assistant', 'assistant', 'tool', 'assistant'],
    },
  },
  {
    name: 'Kimi',
    prompt: `<|im_system|>system<|im_middle|>${SYSTEM}<|im_end|><|im_user|>user<|im_middle|>${ASK}<|im_end|><|im_assistant|>assistant<|im_middle|>`,
    response: `<|tool_calls_section_begin|><|tool_call_begin|>functions.add:0<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|><|im_end|><|im_system|>tool<|im_middle|>4<|im_end|>`,
    // A response opens no system turn, and Kimi's tool results come under the system's token, named.
    speakers: [...CHAT, 'tool'],
    special: /<\|[a-z_]+\|>|\[EOS\]/g,
    bare: { template: 'Phi-4, Kimi or Granite, tokens stripped', speakers: CHAT },
  },
  {
    name: 'Command R',
    prompt: `<BOS_TOKEN><|START_OF_TURN_TOKEN|><|SYSTEM_TOKEN|>${SYSTEM}<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|USER_TOKEN|>${ASK}<|END_OF_TURN_TOKEN|><|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>`,
    response: `${SAY}<|END_OF_TURN_TOKEN|>`,
    speakers: CHAT,
    special: /<[A-Z_|]+>/g,
  },
  {
    name: 'Granite',
    prompt: `<|start_of_role|>system<|end_of_role|>${SYSTEM}<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>${ASK}<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>`,
    response: `${SAY}<|end_of_text|>`,
    speakers: CHAT,
    special: /<\|[a-z_]+\|>/g,
    bare: { template: 'Phi-4, Kimi or Granite, tokens stripped', speakers: CHAT },
  },
  {
    name: 'User and Assistant',
    prompt: `A conversation between User and Assistant. Show your work in <think> </think> tags.\nUser: ${ASK}\nAssistant: Let me solve this step by step.\n<think>`,
    response: '2+2</think>\n<answer>4</answer>',
    speakers: ['text', 'user', 'assistant', 'assistant'],
  },
  {
    name: 'Blocks of SkyRL',
    prompt: `[SYSTEM]\n${SYSTEM}\n\n[USER]\n${ASK}\n\n[ASSISTANT]\n`,
    response: SAY,
    speakers: CHAT,
  },
  {
    name: 'Instruction and response',
    prompt: `Below is an instruction.\n\n### Instruction:\n${ASK}\n\n### Response:\n`,
    response: SAY,
    speakers: ['text', 'user', 'assistant', 'assistant'],
  },
  {
    name: 'messages',
    prompt: JSON.stringify([
      { role: 'system', content: SYSTEM },
      {
        role: 'user',
        content: [
          { type: 'text', text: ASK },
          { type: 'image_url', image_url: { url: 'x' } },
        ],
      },
    ]),
    response: JSON.stringify([
      {
        role: 'assistant',
        reasoning_content: 'add',
        content: null,
        tool_calls: [{ function: { name: 'add', arguments: '{}' } }],
      },
      { role: 'tool', name: 'add', content: '4' },
      { role: 'assistant', content: SAY },
    ]),
    speakers: ['system', 'user', 'assistant', 'tool', 'assistant'],
  },
];
