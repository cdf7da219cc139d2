import { READER_COLUMNS, readerRows } from '../browser/readerRows';
import { call } from '../browser/seedPicture';
import { SWEEP_START } from './runs';

/** A response that was sampled by an engine and trained on: what each of its tokens was worth. */
const PIECES: [text: string, logprob: number, entropy: number, inLoss: 0 | 1][] = [
  ['I', -0.02, 0.1, 1],
  [' need', -0.31, 0.9, 1],
  [' the', -0.01, 0.05, 1],
  [' price', -0.12, 0.4, 1],
  [' of', -0.01, 0.03, 1],
  [' 12', -0.04, 0.2, 1],
  [' notebooks', -0.08, 0.3, 1],
  ['.', -0.2, 0.6, 1],
  ['\n', -0.05, 0.2, 1],
  ['<tool_call>', -0.4, 1.1, 1],
  ['price', -0.02, 0.1, 1],
  ['(', 0, 0, 1],
  ['"notebook"', -0.15, 0.5, 1],
  [')', 0, 0, 1],
  ['</tool_call>', -0.01, 0.04, 1],
  ['\n', 0, 0, 1],
  ['<tool_response>', 0, 0, 0],
  ['3', 0, 0, 0],
  ['.', 0, 0, 0],
  ['50', 0, 0, 0],
  [' EUR', 0, 0, 0],
  ['</tool_response>', 0, 0, 0],
  ['\n', 0, 0, 1],
  ['So', -0.9, 1.6, 1],
  [' 12', -0.1, 0.3, 1],
  [' notebooks', -0.05, 0.2, 1],
  [' cost', -0.2, 0.6, 1],
  [' 12', -0.03, 0.1, 1],
  [' ×', -0.6, 1.2, 1],
  [' 3', -0.02, 0.1, 1],
  ['.', 0, 0, 1],
  ['50', -0.01, 0.05, 1],
  [' =', -0.02, 0.1, 1],
  [' 40', -3.6, 2.1, 1],
  [' EUR', -0.3, 0.8, 1],
  ['.', -0.1, 0.3, 1],
  ['\n', -0.1, 0.3, 1],
  ['Wait', -4.4, 2.6, 1],
  [',', -0.1, 0.4, 1],
  [' that', -1.2, 1.7, 1],
  [' is', -0.3, 0.7, 1],
  [' wrong', -2.1, 2, 1],
  [':', -0.5, 1, 1],
  [' 12', -0.1, 0.3, 1],
  [' ×', -0.05, 0.2, 1],
  [' 3', -0.01, 0.1, 1],
  ['.', 0, 0, 1],
  ['50', 0, 0, 1],
  [' =', 0, 0, 1],
  [' 42', -0.7, 1.1, 1],
  ['.', -0.1, 0.2, 1],
  ['\n', -0.1, 0.2, 1],
  ['The', -0.3, 0.7, 1],
  [' answer', -0.02, 0.1, 1],
  [' is', -0.01, 0.1, 1],
  [' \\', -0.2, 0.5, 1],
  ['boxed', 0, 0, 1],
  ['{', 0, 0, 1],
  ['42', -0.05, 0.2, 1],
  ['}', 0, 0, 1],
  ['.', -0.1, 0.2, 1],
];

/** Rollouts that the reader is shown with: a solved equation, a forged turn, and tokens. */
export async function logRollouts(storeUrl: string): Promise<void> {
  await log(storeUrl, 'reader', READER_COLUMNS, readerRows());
  const text = PIECES.map(([piece]) => piece);
  const tokens = {
    text,
    logprob: PIECES.map(([, logprob]) => logprob),
    entropy: PIECES.map(([, , entropy]) => entropy),
    loss_mask: PIECES.map(([, , , inLoss]) => inLoss),
  };
  const prompt = 'What do 12 notebooks cost?';
  const rows = [[1.1, prompt, text.join(''), '42', tokens]];
  await log(storeUrl, 'tokens', ['reward', 'prompt', 'response', 'ground_truth', 'tokens'], rows);
}

async function log(storeUrl: string, run: string, columns: string[], rows: unknown[][]): Promise<void> {
  await call(storeUrl, 'PUT', `/runs/${run}`, { project: 'reader' });
  const entries = [{ step: 45, time: SWEEP_START, tables: { rollouts: { columns, rows } } }];
  await call(storeUrl, 'POST', `/runs/${run}/log`, { entries });
  await call(storeUrl, 'POST', `/runs/${run}/finish`, {});
}
