/** UTF-16 units that one value is sent with at the most: the server refuses one of more than 128 KB, escaped as UTF-8. */
const PART = 20_000;

type Element = string | number | null;

/** Values of a statement. They are sent beside its text and are never part of it. */
export class Parameters {
  readonly values: Record<string, unknown> = {};
  private readonly placeholders = new Map<string, string>();

  /** SQL of a text. */
  text(value: string): string {
    if (value.length > PART) {
      return `concat(${partsOf(value).map((part) => this.text(part))})`;
    }
    // A statement names its columns again and again.
    const known = this.placeholders.get(value) ?? this.add('String', value);
    this.placeholders.set(value, known);
    return known;
  }

  texts(values: readonly string[]): string {
    return this.list('String', values);
  }

  /** Adds texts; null among them stays null. */
  nullableTexts(values: readonly (string | null)[]): string {
    return this.list('Nullable(String)', values);
  }

  number(value: number): string {
    return this.add('Float64', value);
  }

  numbers(values: readonly (number | null)[]): string {
    return this.list('Nullable(Float64)', values);
  }

  /** Adds whole numbers that JavaScript has exactly. */
  integers(values: ArrayLike<number>): string {
    return this.list('Int64', Array.from(values));
  }

  boolean(value: boolean): string {
    return this.add('Bool', value);
  }

  private list(type: string, values: readonly Element[]): string {
    const parts: string[] = [];
    let some: Element[] = [];
    let size = 0;
    const finish = () => {
      if (some.length > 0) {
        parts.push(this.add(`Array(${type})`, some));
      }
      some = [];
      size = 0;
    };
    for (const value of values) {
      const units = String(value).length + 3;
      if (size + units > PART) {
        finish();
      }
      if (units > PART) {
        parts.push(`[CAST(${this.text(String(value))}, '${type}')]`);
      } else {
        some.push(value);
        size += units;
      }
    }
    finish();
    return parts.length > 1 ? `arrayConcat(${parts})` : (parts[0] ?? this.add(`Array(${type})`, []));
  }

  private add(type: string, value: unknown): string {
    const name = `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    return `{${name}:${type}}`;
  }
}

/** A long text in parts, none of which begins in the middle of a character. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = from + PART - 1;
    const code = text.charCodeAt(end - 1);
    const to = code >= 0xd800 && code < 0xdc00 ? end + 1 : end;
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}
