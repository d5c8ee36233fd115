/** The programs of `fixtures/real/` with stubs for their agents. Compiled by their test, never imported. */
import { AnswerWithTools, type Turn } from '../../fixtures/real/answer-with-tools.ts';
import { DeepResearch, type Planned } from '../../fixtures/real/deep-research.ts';
import { ExtractRecords, type Extracted, type Source } from '../../fixtures/real/extract-records.ts';
import { GroupChat, type Round } from '../../fixtures/real/group-chat.ts';
import { IngestDocuments } from '../../fixtures/real/ingest-documents.ts';
import { PlanAndExecute } from '../../fixtures/real/plan-and-execute.ts';
import { ReviewPullRequest } from '../../fixtures/real/review-pull-request.ts';
import { RunEvals } from '../../fixtures/real/run-evals.ts';
import { TranslateCatalogue } from '../../fixtures/real/translate-catalogue.ts';
import { TriageIssues } from '../../fixtures/real/triage-issues.ts';
import {
  KeyedReader,
  KeyedWriter,
  Model,
  Reader,
  Writer,
  lines,
  score,
  words,
  yes,
} from '../helpers/stub-operators.ts';

const triage = (): TriageIssues =>
  new TriageIssues({
    classify: new Model('classify', (draw) => (draw.share('kind') < 0.5 ? 'bug' : 'question')),
    report: new Model('report', words),
    apology: new Model('apology', words),
    label: new KeyedWriter('label', words),
  });

const issue = (number: number): { number: number; title: string; labels: string[] } => ({
  number,
  title: `issue ${number}`,
  labels: number === 2 || number === 5 ? ['bug'] : [],
});

const research = (): DeepResearch =>
  new DeepResearch({
    plan: new Model('plan', (draw, { depth }: Planned) => lines(depth)(draw)),
    search: new Reader('search', lines(2)),
    read: new Reader('read', words),
    report: new Model('report', words),
  });

const review = (): ReviewPullRequest =>
  new ReviewPullRequest({
    summarise: new Model('summarise', words),
    review: new Model('review', (draw) => (yes(0.3)(draw) ? 'LGTM' : draw.text)),
    overview: new Model('overview', words),
    post: new Writer('post', words),
  });

const extraction = (): ExtractRecords =>
  new ExtractRecords({
    extract: new Model<Source, Extracted>('extract', (draw, { id }) => ({
      name: `name ${draw.share('name') < 0.5 ? 'of two' : draw.text}`,
      amount: (id.length > 4 ? -1 : 1) * draw.share('amount'),
    })),
    repair: new Model('repair', (draw, { record }: { record: Extracted }) => ({
      ...record,
      amount: draw.share('amount'),
    })),
    merge: new Model('merge', words),
  });

const tools = (): AnswerWithTools =>
  new AnswerWithTools(
    new Model('chat', ({ text }, { turn }: { turn: number }): Turn => ({
      content: text,
      toolCalls:
        turn === 2
          ? []
          : ['web', 'files', 'web', 'telepathy'].map((name, at) => ({
              id: `${turn}/${at}`,
              name,
              query: `${text} ${at}`,
            })),
    })),
    { web: new Reader('web', words), files: new Reader('files', words) },
  );

const evals = (): RunEvals =>
  new RunEvals({
    providers: [new Model('provider 0', words), new Model('provider 1', words)],
    grade: new Model('grade', score),
    summarise: new Model('summarise', words),
  });

const ingest = (): IngestDocuments =>
  new IngestDocuments({
    lookUp: new KeyedReader('look up', ({ text }, { key }) => (key === 'b' ? 'digest of b' : text)),
    embed: new Model('embed', (draw) => [draw.share('x'), draw.share('y')]),
    upsert: new KeyedWriter('upsert', words),
    publish: new Writer('publish', words),
  });

const translation = (): TranslateCatalogue =>
  new TranslateCatalogue({
    translate: new Model('translate', words),
    check: new Model('check', (draw) => lines(draw.share('remarks') < 0.5 ? 1 : 0)(draw)),
  });

const chat = (): GroupChat =>
  new GroupChat({
    moderator: new Model('moderator', ({ text }, { round }: Round) => [
      'ann',
      'bob',
      `guest ${round} ${text}`,
      'cyd',
    ]),
    speakers: new Map(['ann', 'bob', 'cyd'].map((who) => [who, new Model<Round, string>(who, words)])),
    minutes: new Model('minutes', words),
  });

const plan = (): PlanAndExecute =>
  new PlanAndExecute({
    plan: new Model('plan', ({ text }) =>
      Object.entries({ a: [], b: [], c: ['a', 'b'], d: ['a'], e: ['c', 'd'] }).map(([id, needs]) => ({
        id,
        what: `${text} ${id}`,
        needs,
      })),
    ),
    work: new Model('work', words),
    answer: new Model('answer', words),
  });

const rubric = [
  { kind: 'contains', value: '0' },
  { kind: 'rubric', value: 'kind' },
] as const;

const changed = (path: string): { path: string; hunks: string[] } => ({
  path,
  hunks: [`first of ${path}`, `second of ${path}`],
});

export const subjects = {
  'triage issues': { create: () => ({ operator: triage(), input: [1, 2, 3, 4, 5, 6].map(issue) }) },
  'triage issues, none open': { create: () => ({ operator: triage(), input: [2, 5].map(issue) }) },
  'deep research': { create: () => ({ operator: research(), input: { topic: 'graphs', depth: 2 } }) },
  'review a pull request': {
    create: () => ({
      operator: review(),
      input: { title: 'Faster', files: ['a.ts', 'b.ts', 'npm.lock', 'c.ts'].map(changed) },
    }),
  },
  'extract records': {
    create: () => ({
      operator: extraction(),
      input: ['one', 'two', 'three', 'four', 'seven'].map((id) => ({ id, text: `text ${id}` })),
    }),
  },
  'answer with tools': { create: () => ({ operator: tools(), input: 'why?' }) },
  'run evals': {
    create: () => ({
      operator: evals(),
      input: ['a', 'b', 'c', 'd'].map((id) => ({
        id,
        prompt: `prompt ${id}`,
        skip: id === 'b',
        assertions: rubric,
      })),
    }),
  },
  'ingest documents': {
    create: () => ({
      operator: ingest(),
      input: ['a', 'b', 'c', 'd'].map((name) => ({
        name,
        digest: `digest of ${name}`,
        chunks: [`${name} 1`, `${name} 2`],
      })),
    }),
  },
  'translate a catalogue': {
    create: () => ({
      operator: translation(),
      input: {
        languages: ['de', 'fr', 'la'],
        texts: { ok: 'OK', close: 'Close', accept: 'OK', open: 'Open' },
      },
    }),
  },
  'group chat': { create: () => ({ operator: chat(), input: { topic: 'graphs', rounds: 2 } }) },
  'plan and execute': { create: () => ({ operator: plan(), input: 'a party' }) },
};
