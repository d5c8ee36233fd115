/** Tells our own runtime from the program that uses it: its sources, its build, an installed package. */

/** Folders that hold our own declarations: the sources, the build, and an installed package. */
const ownFolders = [
  new URL('../runtime/', import.meta.url).pathname,
  new URL('../../runtime/', import.meta.url).pathname,
  '/node_modules/xcs/dist/runtime/',
];

export function isOwnFile(fileName: string): boolean {
  return ownFolders.some((folder) => fileName.includes(folder));
}
