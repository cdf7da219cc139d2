import { css } from '@emotion/css';
import { InlineField, InlineFieldRow, InlineSwitch, MultiCombobox } from '@grafana/ui';
import React from 'react';
import { dashboardVariables } from '../../shared/dashboardVariables';
import type { ChoiceQuery } from '../choices/listChoices';
import { writeCode } from '../code/writeCode';
import { defaultRuns } from '../firstQuery';
import type { StoreQuery } from '../query';
import type { StoreSource } from '../StoreSource';
import { ChoiceField } from './ChoiceField';
import { Field, LABEL_WIDTH } from './Field';
import { GroupsFields } from './GroupsFields';
import { MarkField } from './MarkField';
import { MetricsFields } from './MetricsFields';
import { patch } from './patch';
import { RowsFields } from './RowsFields';
import { RunsField } from './RunsField';
import { useChoices } from './useChoices';

interface Props {
  query: StoreQuery;
  datasource: StoreSource;
  onChange(query: StoreQuery): void;
}

/** The query as fields. */
export function BuilderFields({ query, datasource, onChange }: Props) {
  const names = dashboardVariables().map(({ name }) => name);
  return (
    <>
      <RunsField runs={query.runs} datasource={datasource} onChange={(runs) => onChange({ ...query, runs })} />
      <OfType query={query} datasource={datasource} onChange={onChange} />
      <InlineFieldRow>
        <InlineField label="Reads" labelWidth={LABEL_WIDTH} tooltip="The same query as code" grow shrink>
          <code className={reads}>{writeCode(query, defaultRuns(names))}</code>
        </InlineField>
      </InlineFieldRow>
    </>
  );
}

const reads = css({
  display: 'block',
  minWidth: 0,
  padding: '6px 8px',
  overflowWrap: 'anywhere',
  whiteSpace: 'pre-wrap',
});

function OfType({ query, datasource, onChange }: Props) {
  switch (query.queryType) {
    case 'metrics':
      return <MetricsFields query={query} datasource={datasource} onChange={onChange} />;
    case 'rows':
      return <RowsFields query={query} datasource={datasource} onChange={onChange} />;
    case 'groups':
      return <GroupsFields query={query} datasource={datasource} onChange={onChange} />;
    case 'runs':
      return (
        <Names
          label="Metrics"
          tooltip="Whose last values are shown"
          placeholder="none"
          names={query.metrics ?? []}
          datasource={datasource}
          of={{ kind: 'metrics', runs: query.runs }}
          onChange={(metrics) => onChange(patch(query, { metrics }))}
        />
      );
    case 'events':
      return (
        <>
          <Names
            label="Types"
            placeholder="all"
            names={query.types ?? []}
            datasource={datasource}
            of={{ kind: 'events' }}
            onChange={(types) => onChange(patch(query, { types }))}
          />
          <MarkField value={query.mark} onChange={(mark) => onChange(patch(query, { mark }))} />
        </>
      );
    case 'status':
      return (
        <InlineFieldRow>
          <ChoiceField
            label="Eval"
            tooltip="The eval metric that counts"
            first
            value={query.accuracy}
            datasource={datasource}
            of={{ kind: 'metrics', runs: query.runs }}
            placeholder="Choose a metric"
            width={40}
            onChange={(accuracy) => onChange({ ...query, accuracy })}
          />
        </InlineFieldRow>
      );
    case 'compare':
      return (
        <InlineFieldRow>
          <Field label="All keys" first tooltip="Also those in which the runs agree">
            {(id) => (
              <InlineSwitch
                id={id}
                value={query.all ?? false}
                onChange={(event) => onChange(patch(query, { all: event.currentTarget.checked }))}
              />
            )}
          </Field>
        </InlineFieldRow>
      );
  }
}

interface NamesProps {
  label: string;
  tooltip?: string;
  placeholder: string;
  names: readonly string[];
  datasource: StoreSource;
  of: ChoiceQuery;
  onChange(names: string[]): void;
}

function Names({ label, tooltip, placeholder, names, datasource, of, onChange }: NamesProps) {
  const { options } = useChoices(datasource, of);
  return (
    <InlineFieldRow>
      <Field label={label} tooltip={tooltip} first grow>
        {(id) => (
          <MultiCombobox
            id={id}
            options={options}
            value={[...names]}
            createCustomValue
            placeholder={placeholder}
            onChange={(chosen) => onChange(chosen.map(({ value }) => value))}
          />
        )}
      </Field>
    </InlineFieldRow>
  );
}
