/** What the demo found out, as text for people and as JSON for programs. */
import pc from 'picocolors';
import type { XCSGraph } from 'xcs';
import type { Answer } from '../../fixtures/real/package-questions/operators.ts';
import { drawGraph } from './graph-text.ts';
import type { Interval } from './recorder.ts';
import { drawTimeline, mostAtOnce, sortLike } from './timeline.ts';

export interface Run {
  readonly name: 'as written' | 'compiled';
  readonly answer: Answer;
  readonly milliseconds: number;
  readonly calls: readonly Interval[];
}

export interface Report {
  readonly question: string;
  readonly models: string;
  readonly graph: XCSGraph;
  readonly explanation: string;
  readonly written: Run;
  readonly compiled: Run;
  /** Whether both runs gave deep-equal answers. */
  readonly equal: boolean;
}

export interface TextOptions {
  readonly colours: boolean;
  readonly width: number;
}

export function toJson(report: Report): string {
  const { question, models, graph, explanation, written, compiled, equal } = report;
  const found = {
    question,
    models,
    answer: compiled.answer,
    equal,
    sameCalls: sameCalls(report),
    speedUp: speedUp(report),
    runs: [written, compiled].map(({ name, answer, milliseconds, calls }) => ({
      name,
      milliseconds,
      mostAtOnce: mostAtOnce(calls),
      answer,
      calls: calls.map(({ label, start, end }) => ({ label, start, end })),
    })),
    graph: graph.toJSON(),
    mermaid: graph.toMermaid(),
    explanation,
  };
  return `${JSON.stringify(found, undefined, 2)}\n`;
}

export function toText(report: Report, { colours, width }: TextOptions): string {
  const { question, models, graph, written, compiled, equal } = report;
  const colour = pc.createColors(colours);
  const total = Math.max(written.milliseconds, compiled.milliseconds);
  const draw = ({ name, milliseconds, calls }: Run, paint: (bar: string) => string): string[] => [
    colour.bold(`${name}: ${seconds(milliseconds)}, ${mostAtOnce(calls)} at once at most`),
    ...drawTimeline(sortLike(calls, written.calls), { width, total, paint }),
    '',
  ];
  const { text, sources, related } = compiled.answer;
  const callSites = graph.filterNodes((_, { isRegion }) => isRegion !== true).length;
  return [
    `${colour.bold('Question')}  ${question}`,
    `${colour.bold('Models')}    ${models}`,
    '',
    colour.bold(
      `Graph: ${callSites} call sites, ${graph.criticalPath().length} of them in a row in one pass`,
    ),
    ...drawGraph(graph),
    '',
    ...draw(written, colour.yellow),
    ...draw(compiled, colour.green),
    colour.bold('Answer'),
    ...wrap(text, width),
    `Sources: ${sources.join(', ') || 'none'}`,
    `Related: ${related}`,
    '',
    `Answers equal: ${equal ? colour.green('yes') : colour.red('no')}`,
    `Same calls:    ${sameCalls(report) ? `yes, ${written.calls.length} in both runs` : 'no'}`,
    `Speed-up:      ${colour.bold(`${speedUp(report).toFixed(2)}×`)} (${seconds(written.milliseconds)} → ${seconds(compiled.milliseconds)})`,
    '',
  ].join('\n');
}

function speedUp({ written, compiled }: Report): number {
  return written.milliseconds / compiled.milliseconds;
}

/** Whether both runs made the same calls with the same inputs, in whatever order. */
function sameCalls({ written, compiled }: Report): boolean {
  const keys = ({ calls }: Run): string => JSON.stringify(calls.map(({ key }) => key).toSorted());
  return keys(written) === keys(compiled);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

/** Breaks a text at spaces; a word that is longer than a line stays whole. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
