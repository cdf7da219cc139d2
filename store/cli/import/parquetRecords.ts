/** The rows of a parquet file, in JSON's types. Throws when the file is not whole. */
export async function parquetRecords(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const mark = (at: number) => bytes.subarray(at, at + 4).toString('latin1');
  if (bytes.length < 12 || mark(0) !== 'PAR1' || mark(bytes.length - 4) !== 'PAR1') {
    throw new Error('It is not a whole parquet file.');
  }
  // Loaded when there is something to read: a store that only serves starts without them.
  const [{ parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = await parquetReadObjects({ file, compressors });
  return rows.map(
    (row) =>
      Object.fromEntries(
        Object.entries(row)
          // What pandas keeps its index in.
          .filter(([name]) => name !== '__index_level_0__')
          .map(([name, value]) => [name, plainValue(value)]),
      ) as Record<string, unknown>,
  );
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  }
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : String(value);
  }
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (value instanceof Uint8Array) {
    return `${value.length} bytes`;
  }
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, plainValue);
  }
  if (Array.isArray(value)) {
    return value.map(plainValue);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainValue(inner)]));
  }
  return value ?? null;
}
