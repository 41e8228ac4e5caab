/** Where the pages of plugins are. `/-/` is no package's name, so no package can stand in their place. */
export const pluginPath = '/-/plugins/';

const encoded = (name: string) => encodeURIComponent(name).replace('%40', '@').replace('%2F', '/');

/** The page of a plugin. */
export const pluginUrl = (name: string): string => `${pluginPath}${encoded(name)}`;

/** The picture of a plugin's badge. */
export const badgeUrl = (name: string): string => `/-/vp/v1/badge/${encoded(name)}.svg`;

/** What the registry tells of a plugin, as JSON. */
export const detailUrl = (name: string): string => `/-/vp/v1/plugins/${encoded(name)}`;
