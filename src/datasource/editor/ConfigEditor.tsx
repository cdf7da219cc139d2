import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import { Alert, DataSourceHttpSettings, FieldSet, InlineField, Input, SecretInput } from '@grafana/ui';
import React from 'react';
import { labelTokenState, withLabelToken } from '../labels/labelToken';
import type { RunsOptions } from '../query';
import { tokenState, withToken } from '../tokenHeader';
import { urlAdvice } from '../urlAdvice';

/** Grafana's own HTTP settings, and fields for the store's tokens, which stay on Grafana's server. */
export function ConfigEditor({ options, onOptionsChange }: DataSourcePluginOptionsEditorProps<RunsOptions, object>) {
  const { isKept, isNamed, typed } = tokenState(options);
  const labels = labelTokenState(options);
  const advice = urlAdvice(options.url);
  return (
    <>
      <DataSourceHttpSettings
        // Its list of headers is read once: it begins anew when the token takes a place there or leaves it.
        key={isNamed ? 'with token' : 'without'}
        defaultUrl="http://localhost:8900"
        dataSourceConfig={options}
        onChange={onOptionsChange}
        showAccessOptions={false}
      />
      {advice !== undefined && <Alert severity="info" title={advice} />}
      <FieldSet label="Run store">
        <InlineField
          label="Read token"
          labelWidth={26}
          tooltip="A token of the store with the scope read. Grafana's server keeps and sends it; browsers never see it. A store without tokens needs none."
        >
          <SecretInput
            aria-label="Read token"
            width={40}
            isConfigured={isKept}
            value={typed}
            placeholder="None: the store is open"
            onReset={() => onOptionsChange(withToken(options, ''))}
            onChange={(event) => onOptionsChange(withToken(options, event.currentTarget.value))}
          />
        </InlineField>
        <InlineField
          label="Label token"
          labelWidth={26}
          tooltip="A token of the store with the scope label: with it Editors and Admins star, judge and comment rollouts. Grafana's server keeps it, and sends it for them alone. Without one, labels are read and not given."
        >
          <SecretInput
            aria-label="Label token"
            width={40}
            isConfigured={labels.isKept}
            value={labels.typed}
            placeholder="None: nobody labels rollouts"
            onReset={() => onOptionsChange(withLabelToken(options, ''))}
            onChange={(event) => onOptionsChange(withLabelToken(options, event.currentTarget.value))}
          />
        </InlineField>
        <InlineField
          label="Address for trainers"
          labelWidth={26}
          tooltip="Where trainers reach the store, if elsewhere than Grafana does. The app's page puts it into the lines that bring a run."
        >
          <Input
            aria-label="Address for trainers"
            width={40}
            value={options.jsonData.trainerUrl ?? ''}
            placeholder="The same as the URL above"
            onChange={(event) =>
              onOptionsChange({
                ...options,
                jsonData: { ...options.jsonData, trainerUrl: event.currentTarget.value },
              })
            }
          />
        </InlineField>
      </FieldSet>
    </>
  );
}
