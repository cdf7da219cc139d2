"""What pandas, pyarrow and DuckDB make of a parquet file: types, and every cell."""
import json
import math
import sys

import duckdb
import pandas as pd
import pyarrow.parquet as pq

path = sys.argv[1]


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


file = pq.ParquetFile(path)
table = file.read()
frame = pd.read_parquet(path)
duck = duckdb.connect()
found = duck.execute("SELECT * FROM read_parquet(?)", [path])
names = [column[0] for column in found.description]
print(
    json.dumps(
        {
            "groups": file.metadata.num_row_groups,
            "types": {field.name: str(field.type) for field in table.schema},
            "rows": [[plain(value) for value in row.values()] for row in table.to_pylist()],
            "pandas": {"rows": len(frame), "columns": list(frame.columns), "types": [str(one) for one in frame.dtypes]},
            "duckdb": {"names": names, "rows": [[plain(value) for value in row] for row in found.fetchall()]},
        }
    )
)
