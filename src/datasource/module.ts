import { DataSourcePlugin } from '@grafana/data';
import { ConfigEditor } from './editor/ConfigEditor';
import { QueryEditor } from './editor/QueryEditor';
import { QueryHelp } from './editor/QueryHelp';
import type { RunsOptions, StoreQuery } from './query';
import { RunsDataSource } from './RunsDataSource';

export const plugin = new DataSourcePlugin<RunsDataSource, StoreQuery, RunsOptions>(RunsDataSource)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor)
  .setQueryEditorHelp(QueryHelp);
