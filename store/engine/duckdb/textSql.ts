/**
 * A text as a constant of SQL, for places where there are no parameters. DuckDB's constants hold any character but NUL,
 * which is put together.
 */
export const textSql = (text: string): string =>
  text
    .split('\0')
    .map((part) => `'${part.replaceAll("'", "''")}'`)
    .join(' || chr(0) || ');
