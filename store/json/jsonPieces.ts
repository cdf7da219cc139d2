/** Entries of a list of plain values that are written at one go. */
const SLICE = 8_192;
/** Answers are lists of series or rows: their values lie this deep. Below, a value is written whole. */
const DEPTH = 4;

/** JSON within JSON: a text that an answer has, and that is made when it is told, since an answer may wait for long. */
export class JsonText {
  constructor(private readonly value: unknown) {}

  toJSON(): string {
    return JSON.stringify(this.value);
  }
}

/**
 * The text of `JSON.stringify(value)` in pieces, so that a large answer neither blocks the process nor becomes one
 * string. For plain data without `undefined` in lists; a text that is made when it is told is a `JsonText`.
 */
export function* jsonPieces(value: unknown, depth = DEPTH): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null || value instanceof JsonText) {
    yield JSON.stringify(value);
  } else if (Array.isArray(value)) {
    yield* listPieces(value, depth);
  } else {
    yield* objectPieces(value, depth);
  }
}

function* listPieces(list: unknown[], depth: number): Generator<string> {
  let separator = '[';
  if (list.some((item) => typeof item === 'object' && item !== null)) {
    for (const item of list) {
      yield separator;
      yield* jsonPieces(item, depth - 1);
      separator = ',';
    }
  } else {
    for (let from = 0; from < list.length; from += SLICE) {
      yield separator + JSON.stringify(list.slice(from, from + SLICE)).slice(1, -1);
      separator = ',';
    }
  }
  yield separator === '[' ? '[]' : ']';
}

function* objectPieces(object: object, depth: number): Generator<string> {
  let separator = '{';
  for (const [name, field] of Object.entries(object)) {
    if (field !== undefined) {
      yield `${separator}${JSON.stringify(name)}:`;
      yield* jsonPieces(field, depth - 1);
      separator = ',';
    }
  }
  yield separator === '{' ? '{}' : '}';
}
