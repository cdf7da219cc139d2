/** A place in a file: what was read before it. */
export interface RecordPosition {
  /** Bytes of a text, records of a document. */
  offset: number;
  /** Records. */
  number: number;
  /** Lines. */
  line: number;
  /** Nothing behind it can be read, whatever comes. */
  isLast?: true;
}

/** A record of a file, or why there is none; and where to read on after it. */
export interface ReadRecord extends RecordPosition {
  /** The line that it begins in, or its place in a document. */
  firstLine: number;
  /** The bytes or words that tell this record from another of the file. */
  source: Buffer | string;
  /** Bytes, roughly, that it takes when it is sent. */
  bytes: number;
  /** Missing for a line that is empty, and for one with a fault. */
  value?: Record<string, unknown>;
  fault?: string;
  /** A remark on it for people, although it is taken. */
  remark?: string;
}
