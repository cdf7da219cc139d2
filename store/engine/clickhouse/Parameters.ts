/** Values of a statement. They are sent beside its text and are never part of it. */
export class Parameters {
  readonly values: Record<string, unknown> = {};
  private readonly placeholders = new Map<string, string>();

  text(value: string): string {
    return this.add('String', value);
  }

  texts(values: readonly string[]): string {
    return this.add('Array(String)', values);
  }

  /** Null among them stays null. */
  nullableTexts(values: readonly (string | null)[]): string {
    return this.add('Array(Nullable(String))', values);
  }

  number(value: number): string {
    return this.add('Float64', value);
  }

  numbers(values: ArrayLike<number | null>): string {
    return this.add('Array(Nullable(Float64))', Array.from(values));
  }

  /** Whole numbers that JavaScript has exactly. */
  integers(values: ArrayLike<number>): string {
    return this.add('Array(Int64)', Array.from(values));
  }

  boolean(value: boolean): string {
    return this.add('Bool', value);
  }

  /** Equal values are sent once: a statement names its columns again and again. */
  private add(type: string, value: unknown): string {
    const key = typeof value === 'string' ? `${type} ${value}` : undefined;
    const known = key === undefined ? undefined : this.placeholders.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = `p${Object.keys(this.values).length}`;
    this.values[name] = value;
    const placeholder = `{${name}:${type}}`;
    if (key !== undefined) {
      this.placeholders.set(key, placeholder);
    }
    return placeholder;
  }
}
