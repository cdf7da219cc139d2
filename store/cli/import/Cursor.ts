/** The place up to which a file was taken. */
export interface Cursor {
  /** Label of the file's kind. */
  kind: string;
  /** Device and inode. */
  id: string;
  /** Counts how often the file began anew. */
  generation: number;
  /** Bytes of a text, records of a document. */
  offset: number;
  /** Records. */
  number: number;
  /** Lines; as many as records where it is left out. */
  line?: number;
  /** Bytes of the file itself, where the text in it is packed or transcoded. */
  raw?: number;
  /** Something stands behind the offset that was no whole record. */
  hasRest?: true;
  /** What stands behind the offset is broken, and nothing more is read of the file. */
  isLast?: true;
  /** Hash of what stands before the offset, or of the whole document; see `printOf`. */
  print: string;
  size: number;
  modified: number;
  /** A short text: what its format has to know of the records before the offset. */
  before?: string;
  /** The folder of its run, where that is not the one that was given. */
  folder?: string;
}
