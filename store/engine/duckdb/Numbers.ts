/** Numbers of which nobody knows beforehand how many there will be, in eight bytes each. */
export class Numbers {
  private held = new Float64Array(1_024);
  length = 0;

  /** Undefined while there is none. */
  get last(): number | undefined {
    return this.length === 0 ? undefined : this.held[this.length - 1];
  }

  set last(value: number) {
    this.held[this.length - 1] = value;
  }

  push(value: number): void {
    if (this.length === this.held.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.held);
      this.held = larger;
    }
    this.held[this.length++] = value;
  }

  /** Returns what there is, in an array that is as long as that; from then on there is nothing. */
  take(): Float64Array {
    const taken = this.held.slice(0, this.length);
    this.length = 0;
    return taken;
  }
}
