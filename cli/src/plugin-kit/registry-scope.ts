/** Whether .npmrc says where the packages of a scope come from: then they are installed, not linked. */
export async function hasRegistryFor(scope: string, folder: string): Promise<boolean> {
  const { npmOptions } = await import('@vp/installer');
  const options = await npmOptions({ projectDir: folder });
  return typeof options[`${scope}:registry`] === 'string';
}
