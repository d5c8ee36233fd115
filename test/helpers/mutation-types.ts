/** Whether a change is one that the type checker refuses: nobody could make it and not notice. */
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './fixture-files.ts';
import type { Mutant } from './mutants.ts';

/** What is not used any more is no error of types. */
const UNUSED: ReadonlySet<number> = new Set([6133, 6138, 6192, 6196, 6198, 6199]);

let changed: Mutant | undefined;
let version = 0;
let service: ts.LanguageService | undefined;

export function findTypeError(mutant: Mutant): string | undefined {
  changed = mutant;
  version++;
  service ??= makeService();
  const file = join(root, mutant.file);
  const found = service.getSemanticDiagnostics(file).find(({ code }) => !UNUSED.has(code));
  changed = undefined;
  return found && ts.flattenDiagnosticMessageText(found.messageText, ' ').slice(0, 80);
}

function makeService(): ts.LanguageService {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const isChanged = (name: string): boolean => changed !== undefined && name === join(root, changed.file);
  const touched = new Map<string, number>();
  return ts.createLanguageService({
    getCompilationSettings: () => ({ ...options, noEmit: true }),
    getScriptFileNames: () => fileNames.filter((name) => !name.startsWith(join(root, 'test'))),
    getScriptVersion: (name) => {
      // A file that was changed before stands as it was, which is another version again.
      if (isChanged(name)) touched.set(name, version);
      else if (touched.has(name)) touched.set(name, -1);
      return String(touched.get(name) ?? 0);
    },
    getScriptSnapshot: (name) => {
      const text = isChanged(name) ? changed?.text : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: (one) => ts.getDefaultLibFilePath(one),
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
  });
}
