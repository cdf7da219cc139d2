import { apiKeyOf } from '../http/apiKey';
import { parseOptions } from './parseOptions';
import { print } from './say';
import { UsageError } from './UsageError';

/** Prints the API key under which W&B clients send a token of the store. */
export async function wandbKeyCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions('wandb-key', args, ['token'], { environment: { token: 'STORE_TOKEN' } });
  const token = positionals[0] ?? values.token;
  if (token === undefined || positionals.length > 1) {
    throw new UsageError('wandb-key takes one token, or STORE_TOKEN.', 'wandb-key');
  }
  print(apiKeyOf(token));
  return 0;
}
