/** Tells our own runtime from the program that uses it: its sources, its build, an installed package. */
import { fileURLToPath } from 'node:url';

/** Folders that hold our own declarations: beside the sources or the build, and in an installed package. */
const ownFolders = [pathOf('../runtime/'), pathOf('../../runtime/'), '/node_modules/xcs/dist/runtime/'];

export function isOwnFile(fileName: string): boolean {
  return ownFolders.some((folder) => fileName.includes(folder));
}

/** As the compiler spells paths: not encoded, and with slashes everywhere. */
function pathOf(folder: string): string {
  return fileURLToPath(new URL(folder, import.meta.url)).replaceAll('\\', '/');
}
