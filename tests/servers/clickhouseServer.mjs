// A real ClickHouse server, out of the library that npm has of it, in this process. It ends, cleanly, when its standard
// input closes. Arguments: the library, and then those of `clickhouse local`.
import { createRequire } from 'node:module';

const [path, ...args] = process.argv.slice(2);
const { DataType, load, open } = createRequire(path)('ffi-rs');

open({ library: 'clickhouse', path });
// It listens for as long as this query reads lines.
const query = "SYSTEM START LISTEN QUERIES ALL; SELECT * FROM file('-', LineAsString) FORMAT Null";
const all = ['clickhouse', ...args, '--query', query];
const result = load({
  library: 'clickhouse',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [all.length, all],
});
const error = load({
  library: 'clickhouse',
  funcName: 'chdb_result_error',
  retType: DataType.String,
  paramsType: [DataType.External],
  paramsValue: [result],
});
if (error) {
  console.error(error);
}
process.exit(error ? 1 : 0);
