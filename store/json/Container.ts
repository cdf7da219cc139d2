import { MOST_FIELDS, tooWide } from './bounds';

/** A list or an object that is put together from parts. */
export class Container {
  readonly value: unknown[] | Record<string, unknown>;
  private fields = 0;

  constructor(readonly isList: boolean) {
    this.value = isList ? [] : {};
  }

  get isEmpty(): boolean {
    return Array.isArray(this.value) ? this.value.length === 0 : this.fields === 0;
  }

  /** Adds what is in `parts`, which is of the same kind. Throws `JsonBound`. */
  addAll(parts: unknown): void {
    if (Array.isArray(parts)) {
      for (const part of parts) {
        this.add('', part);
      }
      return;
    }
    for (const [name, part] of Object.entries(parts as object)) {
      this.add(name, part);
    }
  }

  /** A list takes no name. */
  add(name: string, part: unknown): void {
    if (Array.isArray(this.value)) {
      this.value.push(part);
      return;
    }
    this.fields++;
    if (this.fields > MOST_FIELDS) {
      throw tooWide();
    }
    if (name === '__proto__') {
      // A field like any other; written plainly, it would be the object's prototype.
      Object.defineProperty(this.value, name, { value: part, enumerable: true, configurable: true, writable: true });
    } else {
      this.value[name] = part;
    }
  }
}
