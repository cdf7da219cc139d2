import fc from 'fast-check';
import type { SchemaNode } from '../../../store/http/describeSchema';
import { COUNTS, many, NUMBERS, oddName, WORDS } from './words';

/** What stands at a place instead of what its schema alone would give: by property, `name[]` for items of a list. */
export type Shapes = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/**
 * Values that a schema of the contract takes, nearly always: texts and numbers come from the words for the property
 * that they stand in, so that they meet what is stored. Lists are short, and now and then as long as they may be.
 */
export function fitting(schema: SchemaNode, shapes: Shapes, at = ''): fc.Arbitrary<unknown> {
  const shape = shapes[at];
  if (shape) {
    return shape;
  }
  if (schema.anyOf) {
    return fc.oneof(...schema.anyOf.map((one) => fitting(one, shapes, at)));
  }
  if (schema.enum) {
    return fc.constantFrom(...schema.enum);
  }
  switch (schema.type) {
    case 'object':
      return fittingObject(schema, shapes, at);
    case 'array':
      return fittingList(schema, shapes, at);
    case 'string':
      return fittingText(schema, at);
    case 'integer':
      return fittingCount(schema, at);
    case 'number':
      return fc.oneof(fc.constantFrom(...NUMBERS), fc.double({ noNaN: true, noDefaultInfinity: true }));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return anyJson;
  }
}

const ABSENT = Symbol('absent');
/** How much more often an optional field is left out than there: with many of them, hardly a request finds anything. */
const ABSENCE = 4;

/** Any JSON, with names and values that trip code. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom<unknown>(null, true, false, '', 'NaN', ...NUMBERS), oddName),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(oddName, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const nameOf = (at: string) => at.replace(/[[\]{}]/g, '');

function fittingObject(schema: SchemaNode, shapes: Shapes, at: string): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = schema;
  if (!properties) {
    const value = typeof additionalProperties === 'object' ? additionalProperties : {};
    const keys = WORDS[nameOf(at)] ?? oddName;
    return fc.dictionary(keys, fitting(value, shapes, `${nameOf(at)}{}`), { maxKeys: 4, noNullPrototype: true });
  }
  const fields = Object.entries(properties).map(([name, one]) => {
    const value = fitting(one, shapes, name);
    const seldom = [
      { weight: 1, arbitrary: value },
      { weight: ABSENCE, arbitrary: fc.constant(ABSENT) },
    ];
    return required.includes(name) ? value : fc.oneof(...seldom);
  });
  const names = Object.keys(properties);
  return fc.tuple(...fields).map((values) => {
    const given = values.map((value, i) => [names[i], value] as const).filter(([, value]) => value !== ABSENT);
    return Object.fromEntries(given);
  });
}

function fittingList(schema: SchemaNode, shapes: Shapes, at: string): fc.Arbitrary<unknown> {
  const { items = {}, minItems = 0, maxItems = 1_000, uniqueItems = false } = schema;
  if (Array.isArray(items)) {
    return fc.tuple(...items.map((item) => fitting(item, shapes, `${nameOf(at)}[]`)));
  }
  const item = fitting(items, shapes, `${nameOf(at)}[]`);
  const maxLength = Math.min(maxItems, minItems + 3);
  if (uniqueItems) {
    return fc.uniqueArray(item, { minLength: minItems, maxLength, selector: (one) => JSON.stringify(one) });
  }
  return fc.oneof(
    { weight: 30, arbitrary: fc.array(item, { minLength: minItems, maxLength }) },
    { weight: 1, arbitrary: many(item, Math.min(maxItems, 1_000)) },
  );
}

function fittingText({ pattern, minLength = 0, maxLength = 300 }: SchemaNode, at: string): fc.Arbitrary<string> {
  const words = WORDS[nameOf(at)];
  const odd = pattern === undefined ? oddName : fc.stringMatching(new RegExp(pattern));
  const text = words ? fc.oneof({ weight: 12, arbitrary: words }, { weight: 1, arbitrary: odd }) : odd;
  return text.map((one) => {
    const points = [...one];
    const cut = points.length > maxLength ? points.slice(0, maxLength).join('') : one;
    return cut.length < minLength ? 'x' : cut;
  });
}

function fittingCount({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: SchemaNode, at: string) {
  const within = (value: number) => Math.min(Math.max(value, minimum), maximum);
  const usual = (COUNTS[nameOf(at)] ?? fc.integer({ min: 0, max: 20 })).map(within);
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) });
}
