import { gunzipSync, gzipSync } from 'node:zlib';

/** One request that a trainer sent to a store. */
export interface Exchange {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** The status it was answered with. */
  status: number;
  /** What later requests repeat of the answer (a run's new id, where to upload): a name and where it stands in the answer. */
  gives?: Record<string, string[]>;
}

/** An exchange as it was heard, with the answer that it got. */
export interface Heard extends Exchange {
  answer: string;
}

/** Shorter texts of an answer may stand in a request by chance. */
const TELLING = 16;

/** Stands for a text of an earlier answer. */
const placeholder = (name: string) => `{{${name}}}`;

function* textsOf(value: unknown, path: string[] = []): Generator<[string, string[]]> {
  if (typeof value === 'string') {
    yield [value, path];
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      yield* textsOf(inner, [...path, key]);
    }
  }
}

/** The JSON of an answer, or undefined where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An address without its origin: what a request's path is. */
export const pathOf = (text: string) => text.replace(/^https?:\/\/[^/]+(?=\/)/, '');

/**
 * Puts a name in the place of every text that a store made up and its client repeated, so that the requests can be sent to
 * another store. What the client itself had sent before (a name, an id of its own) stays as it is.
 */
export function withPlaceholders(heard: readonly Heard[]): Exchange[] {
  const exchanges = heard.map(({ answer: _, ...exchange }): Exchange => exchange);
  let names = 0;
  for (const [i, { answer }] of heard.entries()) {
    const sent = exchanges.slice(0, i + 1).map(({ path, body }) => path + body);
    const later = exchanges.slice(i + 1);
    for (const [text, place] of textsOf(jsonOf(answer))) {
      const said = pathOf(text);
      const repeating = later.filter(({ path, body }) => path.includes(said) || body.includes(said));
      if (said.length < TELLING || repeating.length === 0 || sent.some((one) => one.includes(said))) {
        continue;
      }
      names += 1;
      const name = String(names);
      for (const exchange of repeating) {
        exchange.path = exchange.path.replaceAll(said, placeholder(name));
        exchange.body = exchange.body.replaceAll(said, placeholder(name));
      }
      const giving = exchanges[i] as Exchange;
      giving.gives = { ...giving.gives, [name]: place };
    }
  }
  return exchanges;
}

/** A text with what earlier answers gave in the place of its names. */
export const filledIn = (text: string, given: ReadonlyMap<string, string>) =>
  text.replace(/\{\{(\d+)\}\}/g, (name, key: string) => given.get(key) ?? name);

export const packed = (exchanges: readonly Exchange[]) =>
  gzipSync(exchanges.map((exchange) => `${JSON.stringify(exchange)}\n`).join(''), { level: 9 });

export const unpacked = (bytes: Buffer): Exchange[] =>
  gunzipSync(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Exchange);
