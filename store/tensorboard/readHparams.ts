import { fieldsOf } from './wire';

const MOST_DEPTH = 20;

/**
 * The hyperparameters of a `HParamsPluginData` message, which is what the plugin's summary has as its content; undefined
 * for one that begins no session.
 */
export function readHparams(message: Buffer): Record<string, unknown> | undefined {
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 3) {
      return readMap(bytes, 0);
    }
  }
  return undefined;
}

/** Entries of a map from names to `google.protobuf.Value`, which is field 1 of what holds it. */
function readMap(message: Buffer, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  for (const { number, bytes } of fieldsOf(message)) {
    if (number === 1) {
      let name = '';
      let value: unknown = null;
      for (const field of fieldsOf(bytes)) {
        if (field.number === 1) {
          name = field.bytes.toString('utf8');
        } else if (field.number === 2) {
          value = readValue(field.bytes, depth + 1);
        }
      }
      entries.push([name, value]);
    }
  }
  return Object.fromEntries(entries);
}

function readValue(message: Buffer, depth: number): unknown {
  if (depth > MOST_DEPTH) {
    throw new Error(`Its hyperparameters are nested more than ${MOST_DEPTH} deep.`);
  }
  let value: unknown = null;
  for (const { number, int, bytes } of fieldsOf(message)) {
    if (number === 2 && bytes.length === 8) {
      const float = bytes.readDoubleLE(0);
      value = Number.isFinite(float) ? float : String(float);
    } else if (number === 3) {
      value = bytes.toString('utf8');
    } else if (number === 4) {
      value = int !== 0;
    } else if (number === 5) {
      value = readMap(bytes, depth);
    } else if (number === 6) {
      value = [...fieldsOf(bytes)]
        .filter((field) => field.number === 1)
        .map((field) => readValue(field.bytes, depth + 1));
    }
  }
  return value;
}
