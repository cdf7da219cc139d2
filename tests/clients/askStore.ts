import { ADDRESSES, API_BASE, filledPath } from '@rolloscope/contract';
import type { AnswerOf, QuestionOf, RouteName } from '@rolloscope/contract/types';

/** What a store at an address answers to a route, with a token where it wants one. Throws where it refuses. */
export async function askStore<Name extends RouteName>(
  url: string,
  route: Name,
  question: QuestionOf<Name>,
  token?: string,
): Promise<AnswerOf<Name>> {
  const { method, path } = ADDRESSES[route];
  const asked: { path?: Record<string, string>; query?: Record<string, string>; body?: unknown } = question as object;
  const query = new URLSearchParams(asked.query).toString();
  const answer = await fetch(`${url}${API_BASE}${filledPath(path, asked.path)}${query && `?${query}`}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
  });
  if (!answer.ok) {
    throw new Error(`${route}: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()) as AnswerOf<Name>;
}
