"""Exports all projects of TRACKIO_DIR as trackio does: beside its SQLite files, as for the data set of a Space, and one for a static Space."""
import sys
from pathlib import Path

from trackio.sqlite_storage import SQLiteStorage

# What a Space sets once it has looked for a data set.
SQLiteStorage._dataset_import_attempted = True
SQLiteStorage.export_to_parquet()
if len(sys.argv) > 2:
    SQLiteStorage.export_for_static_space(sys.argv[1], Path(sys.argv[2]))
