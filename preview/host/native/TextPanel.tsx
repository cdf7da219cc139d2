import { type PanelProps, renderMarkdown, textUtil } from '@grafana/data';

/** Markdown or HTML of the dashboard's own, sanitized as Grafana does it. */
export function TextPanel({ options, replaceVariables }: PanelProps<{ mode?: string; content?: string }>) {
  const content = replaceVariables(options.content ?? '');
  const html = options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderMarkdown(content);
  // The dashboard's own text, sanitized one line above.
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}
