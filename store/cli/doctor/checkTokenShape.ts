import { tokensOf } from '../../http/apiKey';
import { type Finding, ok, problem, skipped, warning } from './Finding';

/** Checks whether a token looks like one that was copied whole and alone. No message shows any of it. */
export function checkTokenShape(token: string | undefined, check = 'token'): Finding {
  if (token === undefined) {
    return skipped(
      check,
      'None was given: only a store without tokens, on this machine, answers.',
      'Give --token or STORE_TOKEN.',
    );
  }
  if (/^\s*(bearer|basic)\s/i.test(token)) {
    return problem(
      check,
      'It begins with the word of a header ("Bearer ").',
      'Give the token alone, without that word.',
    );
  }
  if (/^\s|\s$/.test(token)) {
    return problem(check, 'It has white space at an end, which was copied with it.', 'Give it without.');
  }
  if (/^(["'`]).*\1$/s.test(token)) {
    return problem(
      check,
      'It stands in quotes, which belong to a shell or a file, not to the token.',
      'Give it without.',
    );
  }
  if (/[^\x21-\x7e]/.test(token)) {
    return problem(check, 'It has characters that no header can carry.', 'Copy it again from where it was made.');
  }
  if (/^[\da-f]{64}$/.test(token)) {
    return warning(
      check,
      'It is 64 hexadecimal digits: perhaps the SHA-256 of the token, as the tokens file has it.',
      'If the store does not know it, give the token itself.',
    );
  }
  return ok(
    check,
    tokensOf(token).length > 1 ? 'It is the key of a W&B client, which stands for its token.' : 'Its form is sound.',
  );
}
