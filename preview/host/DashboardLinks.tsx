import { locationService } from '@grafana/runtime';
import { Dropdown, Menu, ToolbarButton } from '@grafana/ui';
import type { DashboardJson, DashboardLinkJson } from './dashboard';

/** The links in a dashboard's head, those to dashboards by tag among them. */
export function DashboardLinks({ dashboard, all }: { dashboard: DashboardJson; all: DashboardJson[] }) {
  return (dashboard.links ?? []).map((link) => {
    const targets =
      link.type === 'link'
        ? [{ title: link.title, url: link.url ?? '' }]
        : all
            .filter(({ tags = [] }) => (link.tags ?? []).every((tag) => tags.includes(tag)))
            .map(({ title, uid }) => ({ title, url: `/d/${uid}` }));
    const menu = () => (
      <Menu>
        {targets.map(({ title, url }) => (
          <Menu.Item key={url} label={title} url={withParams(url, link)} />
        ))}
      </Menu>
    );
    return link.asDropdown ? (
      <Dropdown key={link.title} overlay={menu}>
        <ToolbarButton variant="canvas" isOpen={false}>
          {link.title}
        </ToolbarButton>
      </Dropdown>
    ) : (
      targets.map(({ title, url }) => (
        <a key={url} href={withParams(url, link)}>
          {title}
        </a>
      ))
    );
  });
}

/** The address with the variables and the time range that the link takes along. */
function withParams(url: string, { includeVars, keepTime }: DashboardLinkJson): string {
  const kept = [...locationService.getSearch()].filter(
    ([name]) => (includeVars && name.startsWith('var-')) || (keepTime && ['from', 'to'].includes(name)),
  );
  return kept.length > 0 ? `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(kept)}` : url;
}
