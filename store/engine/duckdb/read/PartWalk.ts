/** Neighbouring rows of a selection. */
export interface Part {
  from: number;
  to: number;
  /** Characters that are to be looked through. */
  chars: number;
  /** Characters of the row that has most of them. */
  most: number;
}

/** Takes a selection in parts of about a size, in the order of row numbers. */
export class PartWalk {
  /** The parts that are left, the next ones last. */
  private readonly left: Part[];

  /** `split` gives the rows of a part that is too large, each by itself. */
  constructor(
    parts: readonly Part[],
    private readonly split: (part: Part) => Promise<Part[]>,
  ) {
    this.left = parts.toReversed();
  }

  /** The next rows with no more than `chars` characters, one row at least; undefined at the end. */
  async next(chars: number): Promise<Part | undefined> {
    const first = this.left.pop();
    if (!first) {
      return undefined;
    }
    if (first.chars > chars && first.from < first.to) {
      this.left.push(...(await this.split(first)).toReversed());
      return this.next(chars);
    }
    const part = { ...first };
    for (let more = this.left.at(-1); more && part.chars + more.chars <= chars; more = this.left.at(-1)) {
      this.left.pop();
      part.to = more.to;
      part.chars += more.chars;
      part.most = Math.max(part.most, more.most);
    }
    return part;
  }
}
