// What parquet's types are in JSON, to the digit. The decoder makes JavaScript's numbers and dates of decimals and of
// moments, which hold neither all digits nor microseconds; so it is given the types as if they were plain, and what was
// told of them is used here.
import { parquetSchema } from 'hyparquet';

/** Bytes of a value that is no text, up to which it is kept. */
const MOST_BYTES = 64 * 1024;
const DAY_MS = 86_400_000;

/** A moment as whole units since 1970, of which a second has `perSecond`. */
class Moment {
  constructor(units, perSecond) {
    this.units = BigInt(units);
    this.perSecond = BigInt(perSecond);
  }
  toString() {
    const seconds = floorDivide(this.units, this.perSecond);
    const digits = String(this.perSecond).length - 1;
    const fraction = String(this.units - seconds * this.perSecond)
      .padStart(digits, '0')
      .replace(/(?:000){1,2}$/, (zeros) => (digits - zeros.length >= 3 ? '' : zeros.slice(digits - 3)));
    const day = new Date(Number(seconds) * 1_000);
    return Number.isNaN(day.getTime()) ? String(this.units) : `${day.toISOString().slice(0, -5)}.${fraction}`;
  }
}

const floorDivide = (a, b) => (a >= 0n || a % b === 0n ? a / b : a / b - 1n);

export const PARSERS = {
  timestampFromMilliseconds: (units) => new Moment(units, 1_000),
  timestampFromMicroseconds: (units) => new Moment(units, 1_000_000),
  timestampFromNanoseconds: (units) => new Moment(units, 1_000_000_000),
  dateFromDays: (days) => new Date(days * DAY_MS).toISOString().slice(0, 10),
  // Where a number would lose digits it stays the text that it is.
  jsonFromBytes: (bytes) => {
    const text = bytes && new TextDecoder().decode(bytes);
    return text && !/\d{16}/.test(text) ? parsed(text) : text;
  },
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Types that the decoder would refuse, or make numbers of. */
const OWN = new Set(['DECIMAL', 'INTERVAL', 'BSON', 'TIME', 'TIME_MILLIS', 'TIME_MICROS']);

/** Takes from the schema what the decoder is not to look at. What it was is in `told`, by element. */
export function plainSchema(metadata) {
  const told = new Map();
  for (const element of metadata.schema) {
    const { converted_type, logical_type, scale } = element;
    const kind = [converted_type, logical_type?.type].find((one) => OWN.has(one));
    told.set(element, {
      kind: kind?.startsWith('TIME') ? 'TIME' : kind,
      scale: logical_type?.scale ?? scale ?? 0,
      unit: logical_type?.unit ?? converted_type?.split('_').at(-1),
      // The older way to write a moment has no word for one without a zone.
      isLocal: logical_type?.isAdjustedToUTC === false,
    });
    if (kind) {
      delete element.converted_type;
      delete element.logical_type;
    }
  }
  return told;
}

/** Turns rows into such of JSON's types, without what pandas keeps its index in. */
export function rowReader(metadata, told) {
  const { children } = parquetSchema(metadata);
  const columns = new Map(children.map((child) => [child.element.name, child]));
  return (row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name !== '__index_level_0__')
        .map(([name, value]) => [name, plainValue(value, columns.get(name), told)]),
    );
}

function plainValue(value, node, told) {
  if (value === null || value === undefined) {
    return null;
  }
  const own = node && told.get(node.element);
  if (own?.kind && !Array.isArray(value)) {
    return ofKind(value, own);
  }
  if (value instanceof Moment) {
    return own?.isLocal ? String(value) : `${value}Z`;
  }
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : String(value);
  }
  if (value instanceof Uint8Array) {
    return textOf(value);
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const inner = itemOf(node);
    return Array.from(value, (one) => plainValue(one, inner, told));
  }
  if (typeof value === 'object') {
    const innerOf = fieldsOf(node);
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, plainValue(inner, innerOf(name), told)]),
    );
  }
  return value;
}

/** Of a list of lists the inner one; a list without the usual levels is its own item. */
function itemOf(node) {
  const group = node?.children[0];
  return node?.element.converted_type === 'LIST' ? (group?.children.length === 1 ? group.children[0] : group) : node;
}

function fieldsOf(node) {
  const map = node?.element.converted_type === 'MAP' ? node.children[0]?.children[1] : undefined;
  const fields = new Map(node?.children.map((child) => [child.element.name, child]));
  return (name) => map ?? fields.get(name);
}

function ofKind(value, { kind, scale, unit }) {
  switch (kind) {
    case 'DECIMAL':
      return decimal(value instanceof Uint8Array ? signed(value) : BigInt(value), scale);
    case 'TIME': {
      const perSecond = unit === 'NANOS' ? 1_000_000_000 : unit === 'MICROS' ? 1_000_000 : 1_000;
      return new Moment(value, perSecond).toString().slice(11);
    }
    case 'INTERVAL': {
      const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
      const [months, days, ms] = [0, 4, 8].map((at) => view.getUint32(at, true));
      return `P${months}M${days}DT${ms / 1_000}S`;
    }
    default:
      return textOf(value);
  }
}

function signed(bytes) {
  const value = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  return bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, value);
}

/** A number where that is the same to the digit, else the digits as a text. */
function decimal(unscaled, scale) {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  const number = Number(text);
  return isSame(number, whole.replace(/^0+/, '') + fraction) && (fraction !== '' || Number.isSafeInteger(number))
    ? number
    : text;
}

/** At most 15 digits come back from a number as they were. */
const isSame = (number, digits) =>
  Number.isFinite(number) && (digits.replace(/^0+/, '').length <= 15 || Number.isSafeInteger(number));

/** Texts that are not said to be such, which older writers leave, and bytes that are none. */
function textOf(bytes) {
  if (!(bytes instanceof Uint8Array)) {
    return String(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.length > MOST_BYTES ? `${bytes.length} bytes` : `base64:${Buffer.from(bytes).toString('base64')}`;
  }
}
