import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { DataSourceHttpSettings, FieldSet, InlineField, SecretInput } from '@grafana/ui';
import React from 'react';
import type { RunsOptions } from '../query';

interface Secrets {
  httpHeaderValue1?: string;
}

/** Grafana's own HTTP settings, and one field for the store's read token, which stays on Grafana's server. */
export function ConfigEditor({ options, onOptionsChange }: DataSourcePluginOptionsEditorProps<RunsOptions, Secrets>) {
  const setToken = (token: string) =>
    onOptionsChange({
      ...options,
      jsonData: { ...options.jsonData, httpHeaderName1: 'Authorization' },
      secureJsonData: { ...options.secureJsonData, httpHeaderValue1: `Bearer ${token}` },
    });
  const forgetToken = () =>
    onOptionsChange({
      ...options,
      secureJsonFields: { ...options.secureJsonFields, httpHeaderValue1: false },
      secureJsonData: { ...options.secureJsonData, httpHeaderValue1: '' },
    });
  const token = (options.secureJsonData?.httpHeaderValue1 ?? '').replace(/^Bearer /, '');
  return (
    <>
      <DataSourceHttpSettings
        defaultUrl="http://localhost:8900"
        dataSourceConfig={options}
        onChange={onOptionsChange}
        showAccessOptions={false}
      />
      <FieldSet label="Run store">
        <InlineField
          label="Read token"
          labelWidth={26}
          tooltip="A token of the store with the scope read. Grafana's server sends it; browsers never see it. A store without tokens needs none."
        >
          <SecretInput
            aria-label="Read token"
            width={40}
            isConfigured={options.secureJsonFields?.httpHeaderValue1 === true}
            value={token}
            placeholder="none"
            onReset={forgetToken}
            onChange={(event) => setToken(event.currentTarget.value)}
          />
        </InlineField>
      </FieldSet>
    </>
  );
}
