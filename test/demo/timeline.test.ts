import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { latencyOf } from './latency.ts';
import { type Interval, Recorder } from './recorder.ts';
import { drawTimeline, mostAtOnce, sortLike } from './timeline.ts';

function interval(label: string, start: number, end: number, key: string = label): Interval {
  return { label, key, start, end };
}

describe('a timeline', () => {
  it('draws each call where it began, as long as it took, on the shared scale', () => {
    const calls = [interval('rewrite', 0, 100), interval('draft', 100, 400), interval('judge', 400, 1000)];
    expect(drawTimeline(calls, { width: 38, total: 1000 })).toEqual([
      'rewrite ██                      100 ms',
      'draft     ██████                300 ms',
      'judge           ████████████    600 ms',
    ]);
  });

  it('draws overlapping calls below each other', () => {
    const calls = [interval('a', 0, 50), interval('b', 0, 100), interval('c', 50, 100)];
    expect(drawTimeline(calls, { width: 22, total: 100 })).toEqual([
      'a █████          50 ms',
      'b ██████████    100 ms',
      'c      █████     50 ms',
    ]);
  });

  it('draws a call that is too short for a column as a thin line, also at the very end', () => {
    const calls = [interval('a', 0, 1), interval('b', 1000, 1000)];
    expect(drawTimeline(calls, { width: 22, total: 1000 })).toEqual([
      'a ▏               1 ms',
      'b          ▏      0 ms',
    ]);
  });

  it('draws nothing for no calls, and survives a run that took no time', () => {
    expect(drawTimeline([], { width: 40, total: 100 })).toEqual([]);
    expect(drawTimeline([interval('a', 0, 0)], { width: 22, total: 0 })).toEqual(['a ▏               0 ms']);
  });

  it('paints the bar and nothing else', () => {
    const [line] = drawTimeline([interval('a', 0, 50)], {
      width: 22,
      total: 100,
      paint: (bar) => `<${bar}>`,
    });
    expect(line).toBe('a <█████>          50 ms');
  });

  it('lists calls in the order of another run, and calls of its own last', () => {
    const written = [interval('a', 0, 1), interval('b', 1, 2), interval('c', 2, 3)];
    const compiled = [interval('c', 0, 1), interval('new', 0, 1), interval('a', 0, 2)];
    expect(sortLike(compiled, written).map(({ label }) => label)).toEqual(['a', 'c', 'new']);
  });

  it('counts the most calls at one time; one that begins as another ends does not overlap it', () => {
    expect(mostAtOnce([interval('a', 0, 10), interval('b', 10, 20)])).toBe(1);
    expect(mostAtOnce([interval('a', 0, 10), interval('b', 5, 20), interval('c', 9, 12)])).toBe(3);
    expect(mostAtOnce([])).toBe(0);
  });
});

describe('a recorder', () => {
  it('notes when calls begin and end on its clock, also of a call that fails', async () => {
    let time = 100;
    const seen: unknown[] = [];
    const recorder = new Recorder(
      () => time,
      (running, ended) => seen.push([...running, ended]),
    );
    const gate = new EventEmitter();
    const call = recorder.record('draft', 'x', async () => await once(gate, 'open'));
    time = 130;
    const failing = recorder.record('check', 'y', async () => await Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    time = 150;
    gate.emit('open', 'done');
    expect(await call).toEqual(['done']);
    expect(recorder.intervals).toEqual([
      { label: 'draft', key: 'draft\nx', start: 0, end: 50 },
      { label: 'check', key: 'check\ny', start: 30, end: 30 },
    ]);
    expect(seen).toEqual([['draft', 0], ['draft', 'check', 0], ['draft', 1], [2]]);
  });
});

describe('the latency of a model', () => {
  const speed = { first: 200, perToken: 5 };

  it('is the same for the same request, and another for another', () => {
    expect(latencyOf('a', 10, speed)).toBe(latencyOf('a', 10, speed));
    expect(latencyOf('a', 10, speed)).not.toBe(latencyOf('b', 10, speed));
  });

  it('grows by the time per token', () => {
    expect(latencyOf('a', 30, speed) - latencyOf('a', 10, speed)).toBeCloseTo(100);
  });

  it('has the median and the spread of a lognormal distribution', () => {
    const logs = Array.from({ length: 2000 }, (_, seed) => Math.log(latencyOf(`request ${seed}`, 0, speed)));
    const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / logs.length);
    expect(mean).toBeCloseTo(Math.log(200), 1);
    expect(deviation).toBeCloseTo(0.4, 1);
  });
});
