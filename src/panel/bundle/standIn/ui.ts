/*
 * The part of `@grafana/ui` that the reader takes, for a page without Grafana. The build of the page puts this file in
 * its place; what is missing here is an error of the build: add it, as small as the reader needs it.
 */
export { Button, Combobox, IconButton, InlineSwitch, Input, RadioButtonGroup, ToolbarButton } from './controls';
export { Icon } from './Icon';
export { Dropdown, Menu } from './menus';
export { Alert, Badge, LoadingPlaceholder, Portal, Spinner, Tooltip } from './messages';
export { useStyles2, useTheme2 } from './theme';
