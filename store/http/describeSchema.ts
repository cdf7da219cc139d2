/** The part of JSON Schema that the contract uses. */
export interface SchemaNode {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  required?: string[];
  additionalProperties?: boolean | SchemaNode;
  propertyNames?: SchemaNode;
  items?: SchemaNode | SchemaNode[];
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** The name of strings that fit the pattern, for a person. */
  title?: string;
  minimum?: number;
  maximum?: number;
}

const count = new Intl.NumberFormat('en-US');

/** Says what a schema expects, in a person's words: `a whole number`, `a list`, `one of "asc", "desc"`. */
export function describeSchema(node: SchemaNode): string {
  if (node.anyOf) {
    return [...new Set(node.anyOf.map(describeSchema))].join(' or ');
  }
  if (node.enum) {
    const values = node.enum.map((value) => JSON.stringify(value));
    return values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  }
  if ('const' in node) {
    return JSON.stringify(node.const);
  }
  switch (node.type) {
    case 'integer':
      return `a whole number${describeRange(node)}`;
    case 'number':
      return `a number${describeRange(node)}`;
    case 'string':
      return node.title ?? 'a string';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array':
      return 'a list';
    default:
      return 'an object';
  }
}

function describeRange({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined || maximum === undefined) {
    return minimum === undefined ? '' : ` of at least ${count.format(minimum)}`;
  }
  return ` between ${count.format(minimum)} and ${count.format(maximum)}`;
}

/** A value as a message shows it; long ones are cut. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? 'an empty list' : 'a list';
  }
  if (typeof value === 'object' && value !== null) {
    return 'an object';
  }
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…${typeof value === 'string' ? '"' : ''}` : text;
}
