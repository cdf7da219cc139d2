import type { DataSourceApi, DataSourceSettings } from '@grafana/data';
import { Alert, Button } from '@grafana/ui';
import { type ComponentType, useEffect, useState } from 'react';
import { dataSourceSrv, provisionedDataSource } from './dataSources';
import { importDataSource } from './plugins';

interface EditorProps {
  options: DataSourceSettings;
  onOptionsChange(options: DataSourceSettings): void;
}

/** The data source's settings, with Save & test. Settings are not kept: the provisioned ones count. */
export function ConfigPage({ uid }: { uid: string }) {
  const provisioned = provisionedDataSource(uid);
  const [Editor, setEditor] = useState<ComponentType<EditorProps>>();
  const [result, setResult] = useState<{ status: string; message: string }>();
  const [options, setOptions] = useState<DataSourceSettings>({
    id: 1,
    uid,
    orgId: 1,
    name: provisioned?.name ?? uid,
    type: provisioned?.type ?? '',
    typeName: '',
    typeLogoUrl: '',
    url: provisioned?.storeUrl ?? '',
    access: 'proxy',
    user: '',
    database: '',
    basicAuth: false,
    basicAuthUser: '',
    isDefault: true,
    jsonData: provisioned?.jsonData ?? {},
    secureJsonFields: provisioned?.secureJsonFields ?? {},
    readOnly: false,
    withCredentials: false,
  });
  useEffect(() => {
    void importDataSource(provisioned?.type ?? '').then(({ plugin }) =>
      setEditor(() => plugin.components.ConfigEditor as ComponentType<EditorProps>),
    );
  }, [provisioned?.type]);
  const test = async () => {
    const instance: DataSourceApi = await dataSourceSrv.get(uid);
    setResult(
      await instance.testDatasource().catch((error: unknown) => ({
        status: 'error',
        message: error instanceof Error ? error.message : String(error),
      })),
    );
  };
  return (
    <main style={{ padding: 16, maxWidth: 900 }}>
      <h2>{options.name}</h2>
      {Editor && <Editor options={options} onOptionsChange={setOptions} />}
      <Button onClick={() => void test()}>Save &amp; test</Button>
      {result && <Alert title={result.message} severity={result.status === 'success' ? 'success' : 'error'} />}
    </main>
  );
}
