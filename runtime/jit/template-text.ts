/** What a template takes from where, for edges of graphs and for people. */
import { WHOLE } from '../graph/field-mappings.ts';
import { INPUT, type PathTemplate, type Template } from './template.ts';

/** A value that is found elsewhere, and where it goes. */
export interface Use {
  readonly step: number;
  readonly path: PathTemplate;
  /** The path as text; `'*'` for the whole. */
  readonly field: string;
  readonly becomes: string;
}

export function listUses(template: Template, becomes: readonly string[] = []): readonly Use[] {
  switch (template.kind) {
    case 'path':
      return [use(template, becomes)];
    case 'text':
      return template.parts.flatMap((part) => (typeof part === 'string' ? [] : [use(part, becomes)]));
    case 'list':
      return template.items.flatMap((item, index) => listUses(item, [...becomes, String(index)]));
    case 'record':
      return template.items.flatMap((item, index) =>
        listUses(item, [...becomes, template.keys[index] ?? '']),
      );
    case 'value':
    case 'opaque':
      return [];
  }
}

function use(path: PathTemplate, becomes: readonly string[]): Use {
  return { step: path.step, path, field: dotted(path.path), becomes: dotted(becomes) };
}

function dotted(path: readonly string[]): string {
  return path.length === 0 ? WHOLE : path.join('.');
}

/** Like the code that would make it; `nameOf` names the output of a step. */
export function describe(template: Template, nameOf: (step: number) => string): string {
  switch (template.kind) {
    case 'path':
      return describePath(template, nameOf);
    case 'text':
      return `\`${template.parts.map((part) => (typeof part === 'string' ? shorten(part) : `\${${describePath(part, nameOf)}}`)).join('')}\``;
    case 'list':
      return `[${template.items.map((item) => describe(item, nameOf)).join(', ')}]`;
    case 'record':
      return `{ ${template.items.map((item, index) => `${template.keys[index]}: ${describe(item, nameOf)}`).join(', ')} }`;
    case 'value':
      return describeValue(template.value);
    case 'opaque':
      return 'computed by code';
  }
}

function describePath({ step, path }: PathTemplate, nameOf: (step: number) => string): string {
  return [step === INPUT ? 'input' : nameOf(step), ...path].join('.');
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shorten(value));
  return typeof value === 'object' && value !== null ? 'always the same object' : String(value);
}

const LONGEST = 40;

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
