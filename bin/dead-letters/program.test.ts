import { runToExitCode } from './exit-code.ts';
import type { Deployment } from './invoke.ts';
import { createProgram } from './program.ts';

interface Call {
  readonly functionKey: string;
  readonly payload: Record<string, unknown>;
}

interface Situation {
  /** What the functions answer, one after the other. */
  readonly answers?: readonly unknown[];
  /** What the person says; undefined when there is nobody. */
  readonly person?: boolean;
  /** Where the console is. */
  readonly console?: string;
}

/** Runs the command as `npm run dead-letters -- …` does, and keeps all it did. */
async function run(args: string, { answers = [], person, console: page }: Situation = {}) {
  const calls: Call[] = [];
  const deployments: Deployment[] = [];
  const seen = {
    printed: '',
    told: '',
    questions: [] as string[],
    typed: [] as (number | undefined)[],
    bars: [] as number[],
  };
  const left = [...answers];
  const terminal = {
    print: (text: string) => {
      seen.printed += `${text}\n`;
    },
    tell: (text: string) => {
      seen.told += `${text}\n`;
    },
    ask: (question: string, count?: number) => {
      seen.questions.push(question);
      seen.typed.push(count);
      return Promise.resolve(person);
    },
    progress: () => ({
      advance: (by: number) => seen.bars.push(by),
      stop: () => undefined,
    }),
  };
  const program = createProgram(
    terminal,
    (deployment) => {
      deployments.push(deployment);
      return <Answer>(functionKey: string, payload: object) => {
        calls.push({ functionKey, payload: JSON.parse(JSON.stringify(payload)) as Record<string, unknown> });
        return Promise.resolve(left.shift() as Answer);
      };
    },
    () => Promise.resolve(page),
  );
  const exitCode = await runToExitCode(() => program.parseAsync(args.split(' '), { from: 'user' }), terminal);
  return { exitCode, calls, deployments, ...seen };
}

const cause = {
  originalTopic: 'order.created',
  consumerGroup: 'group',
  exceptionClass: 'FaultInjectedError',
  causeClass: null,
  status: 'NEW',
  count: 505,
  oldest: '2026-11-22T10:00:00.000Z',
  newest: '2026-11-22T10:00:00.000Z',
  message: 'no',
};
const letter = {
  deadLetterId: 7,
  status: 'NEW',
  keyText: '12345',
  redriveCount: 0,
  exceptionClass: 'FaultInjectedError',
};
const preview = (matching: number) => ({ dryRun: true, matching, causes: [cause] });
const redriven = (count: number, remaining = 0, refused: object[] = []) => ({
  operationId: 'op',
  redriven: count,
  remaining,
  refused,
  ...(remaining > 0 && { nextCursor: 'next' }),
});

describe('dead-letters list', () => {
  const answer = { total: 505, causes: [cause], deadLetters: [letter], nextCursor: '7' };

  it('when conditions are given, asks for those and shows causes, dead letters and how to go on', async () => {
    const { exitCode, calls, printed } = await run(
      'list --topic order.created --group g --exception E --key 12345 --from 2026-11-22T10:00:00Z --to 2026-11-23T10:00:00Z --status NEW --limit 1',
      { answers: [answer] },
    );
    expect(exitCode).toBe(0);
    expect(calls).toEqual([
      {
        functionKey: 'listDeadLetters',
        payload: {
          topic: 'order.created',
          consumerGroup: 'g',
          exception: 'E',
          key: '12345',
          from: '2026-11-22T10:00:00Z',
          to: '2026-11-23T10:00:00Z',
          status: 'NEW',
          limit: 1,
        },
      },
    ]);
    expect(printed).toMatch(/505 {2}NEW {5}order\.created {2}FaultInjectedError/);
    expect(printed).toMatch(/ 7 {2}NEW .* 12345 /);
    expect(printed).toContain('--cursor 7');
  });

  it('when a program reads it, prints the answer as JSON and nothing else', async () => {
    const { printed, told } = await run('list --json', { answers: [answer] });
    expect(JSON.parse(printed)).toEqual(answer);
    expect(told).toBe('');
  });

  it('when nothing matches, says so', async () => {
    const { exitCode, printed } = await run('list', { answers: [{ total: 0, causes: [], deadLetters: [] }] });
    expect([exitCode, printed]).toEqual([0, 'There are no such dead letters.\n']);
  });
});

describe('dead-letters show', () => {
  it('when there is one, shows its headers and its value laid out, without what would steer the terminal', async () => {
    const { printed } = await run('show 7', {
      answers: [
        {
          ...letter,
          changedBy: { action: 'PARK', operator: 'ada', operationId: 'op' },
          history: [
            {
              at: 'then',
              what: 'PARKED',
              deadLetterId: 7,
              reason: null,
              operator: 'a\u001bda',
              consumerGroup: null,
            },
          ],
          key: null,
          value: { text: '{"orderId":1}' },
          headers: [
            { name: 'h', text: 'a\u001b[2Jb' },
            { name: 'b', base64: '/wA=' },
          ],
        },
      ],
    });
    expect(printed).toContain('PARK by ada (operation op)');
    expect(printed).toContain('then  PARKED    #7  a\uFFFDda');
    expect(printed).toContain('h: a\uFFFD[2Jb');
    expect(printed).toContain('b: (base64) /wA=');
    expect(printed).toContain('key    (null)');
    expect(printed).toContain('"orderId": 1');
  });

  it('when there is none, ends with 3', async () => {
    expect(await run('show 7', { answers: [null] })).toMatchObject({
      exitCode: 3,
      told: 'There is no dead letter 7.\n',
    });
  });
});

describe('dead-letters redrive', () => {
  it('when it is a dry run, shows what would be sent and sends nothing', async () => {
    const { calls, printed } = await run('redrive --topic t --dry-run --limit 10', {
      answers: [preview(505)],
    });
    expect(calls).toEqual([{ functionKey: 'redriveDeadLetters', payload: { topic: 't', dryRun: true } }]);
    expect(printed).toContain('10 would be sent.');
  });

  it('when a person agrees, sends in pieces until nothing remains, and shows how far it is', async () => {
    const { exitCode, calls, questions, bars, printed } = await run('redrive --topic t --operator ada', {
      answers: [preview(505), redriven(500, 5), redriven(5)],
      person: true,
    });
    expect(exitCode).toBe(0);
    expect(questions).toEqual(['Send 505 dead letters to their topics?']);
    expect(calls.slice(1).map(({ payload }) => payload)).toEqual([
      { topic: 't', operator: 'ada', limit: 500 },
      { topic: 't', operator: 'ada', limit: 5, cursor: 'next' },
    ]);
    expect(bars).toEqual([500, 5]);
    expect(printed).toBe('505 redriven, 0 remaining (operation op).\n');
  });

  it('when some are refused, names each with its reason, without what would steer the terminal', async () => {
    const refused = (id: number) => [{ id, topic: 'order.created', reason: 'too \u001b[2Jlarge' }];
    const answers = [preview(505), redriven(499, 5, refused(7)), redriven(4, 0, refused(8))];
    const { exitCode, bars, printed } = await run('redrive --topic t --yes', { answers });
    expect([exitCode, bars]).toEqual([0, [500, 5]]);
    expect(printed).toBe(
      '2 could not be sent and are now PARKED:\n  7  too \uFFFD[2Jlarge\n  8  too \uFFFD[2Jlarge\n\n' +
        '503 redriven, 0 remaining (operation op).\n',
    );
    const json = await run('redrive --topic t --yes --json', { answers });
    expect(JSON.parse(json.printed)).toMatchObject({ redriven: 503, refused: [{ id: 7 }, { id: 8 }] });
  });

  it('when the person says no, sends nothing and ends with 130', async () => {
    const { exitCode, calls } = await run('redrive --topic t', { answers: [preview(2)], person: false });
    expect([exitCode, calls.length]).toEqual([130, 1]);
  });

  it('when nobody is there to ask, sends nothing and says what to add', async () => {
    const { exitCode, calls, told } = await run('redrive --topic t', { answers: [preview(2)] });
    expect([exitCode, calls.length]).toEqual([2, 1]);
    expect(told).toContain('add --yes');
  });

  it.each(['redrive 7', 'redrive --topic t --yes'])('when it is "%s", does not ask', async (args) => {
    const { exitCode, questions } = await run(args, { answers: [preview(1), redriven(1)] });
    expect([exitCode, questions]).toEqual([0, []]);
  });

  it('when ids, a limit, a rate, a target and a status are given, they reach the function', async () => {
    const { calls, questions } = await run(
      'redrive 7 8 --limit 30 --rate 20 --target other --status PARKED --operator ada',
      {
        answers: [preview(40), redriven(20, 20), redriven(10, 10)],
        person: true,
      },
    );
    expect(questions).toEqual(['Send 30 dead letters to other?']);
    const request = { ids: [7, 8], status: 'PARKED', operator: 'ada', target: 'other', ratePerSecond: 20 };
    expect(calls.slice(1).map(({ payload }) => payload)).toEqual([
      { ...request, limit: 20 },
      { ...request, limit: 10, cursor: 'next' },
    ]);
  });

  it('when nothing matches, says so and sends nothing', async () => {
    const { calls, printed } = await run('redrive --all', { answers: [preview(0)] });
    expect([calls.length, printed]).toEqual([1, 'There is nothing to redrive.\n']);
  });
});

describe.each([
  ['park', 'parkDeadLetters'],
  ['discard', 'discardDeadLetters'],
])('dead-letters %s', (command, functionKey) => {
  it('when a person agrees, marks them and says how many', async () => {
    const { calls, printed } = await run(`${command} --exception E --operator ada`, {
      answers: [
        { matching: 5, changed: 0 },
        { operationId: 'op', matching: 5, changed: 5 },
      ],
      person: true,
    });
    expect(calls).toEqual([
      { functionKey, payload: { exception: 'E', dryRun: true } },
      { functionKey, payload: { exception: 'E', operator: 'ada' } },
    ]);
    expect(printed).toMatch(/^5 (parked|discarded)\.\n$/);
  });

  it('when it is a dry run, changes nothing', async () => {
    const { calls } = await run(`${command} 1 --dry-run`, { answers: [{ matching: 1, changed: 0 }] });
    expect(calls).toHaveLength(1);
  });
});

describe('dead-letters', () => {
  it.each(['redrive', 'park', 'discard', 'redrive --status PARKED', 'discard --status PARKED'])(
    'when it is "%s" without a condition, refuses and asks nothing of the service',
    async (args) => {
      expect(await run(args)).toMatchObject({ exitCode: 2, calls: [] });
    },
  );

  it.each([
    'bogus',
    'list --bogus',
    'list --status BOGUS',
    'list --limit 0',
    'show x',
    'show',
    'redrive x',
    'redrive --status DISCARDED',
  ])('when it is "%s", says what is wrong and ends with 2', async (args) => {
    const { exitCode, told } = await run(args);
    expect(exitCode).toBe(2);
    expect(told).toMatch(/^error: /);
  });

  it.each(['--help', 'list --help', 'show --help', 'redrive --help', 'park --help', 'discard --help'])(
    'when it is "%s", explains itself and the exit codes',
    async (args) => {
      const { exitCode, printed } = await run(args);
      expect(exitCode).toBe(0);
      expect(printed).toContain('Usage: dead-letters');
      expect(printed).toContain('Exit codes:');
    },
  );

  it('when a deployment is named, works on that', async () => {
    const { deployments } = await run('list --stage production --region eu-central-1 --profile ops', {
      answers: [{ total: 0, causes: [], deadLetters: [] }],
    });
    expect(deployments).toMatchObject([{ stage: 'production', region: 'eu-central-1', profile: 'ops' }]);
  });
});

describe('an action that is bound to a preview', () => {
  it('when it is a dry run, prints the preview', async () => {
    const { printed } = await run('park --topic t --dry-run', {
      answers: [{ matching: 5, changed: 0, preview: 'P' }],
    });
    expect(printed).toContain('--preview P');
  });

  it('when a person has agreed to what was shown, takes that and nothing else', async () => {
    const answers = [{ ...preview(3), preview: 'P' }, redriven(3)];
    const { calls } = await run('redrive --topic t --limit 2 --operator ada', { answers, person: true });
    expect(calls[1]?.payload).toMatchObject({ topic: 't', preview: 'P', total: 2 });
  });

  it('when a preview is named, needs no condition, and carries it whatever else is shown', async () => {
    const answers = [{ ...preview(3), preview: 'newer' }, redriven(3)];
    const { calls } = await run('redrive --preview P --yes', { answers });
    expect(calls.map(({ payload }) => payload['preview'])).toEqual(['P', 'P']);
  });

  it.each([
    [99, 'local', undefined],
    [100, 'local', 100],
    [2, 'production', 2],
  ])('when there are %i on stage %s, the count to type is %s', async (count, stage, typed) => {
    const answers = [
      { matching: count, changed: 0 },
      { operationId: 'op', matching: count, changed: count },
    ];
    const seen = await run(`park --topic t --stage ${stage}`, { answers, person: true });
    expect(seen.typed).toEqual([typed]);
  });
});

describe('dead-letters operations', () => {
  const operation = {
    operationId: 'op-1',
    action: 'REDRIVE',
    operator: 'kim',
    source: 'console',
    state: 'PAUSED',
    request: { topic: 'order.created' },
    startedAt: '2026-11-22T10:00:00.000Z',
    lastStepAt: null,
    total: 10,
    affected: 4,
    refused: 1,
    undoneBy: null,
  };

  it('when they are listed, says who did what, by what means, and where the console shows it', async () => {
    const { calls, printed, told } = await run('operations --by kim --source console', {
      answers: [{ operations: [operation] }],
      console: 'http://localhost:8080',
    });
    expect(calls).toEqual([
      { functionKey: 'listOperations', payload: { operator: 'kim', source: 'console', limit: 20 } },
    ]);
    expect(printed).toMatch(/REDRIVE {2}PAUSED +4 +1 {2}kim {2}console {2}op-1/);
    expect(told).toContain('http://localhost:8080/console/operations?source=console&operator=kim');
  });

  it('when one is named, shows it with what could not be sent', async () => {
    const refusedLetters = [{ id: 7, topic: 'order.created', reason: 'too \u001b[2Jlarge' }];
    const { printed } = await run('operations op-1', { answers: [{ ...operation, refusedLetters }] });
    expect(printed).toContain('  7  too \uFFFD[2Jlarge');
  });

  it.each([
    ['pause', 'PAUSED'],
    ['stop', 'STOPPED'],
  ])('when one is to %s, its state is changed', async (command, state) => {
    const { calls, printed } = await run(`${command} op-1`, { answers: [{ operationId: 'op-1', state }] });
    expect(calls).toMatchObject([{ functionKey: 'changeOperation', payload: { id: 'op-1', state } }]);
    expect(printed).toBe(`It is ${state}.\n`);
  });

  it('when one is resumed, the rest is sent', async () => {
    const found = { ...operation, refusedLetters: [], nextCursor: 'there' };
    const answers = [{ operationId: 'op-1', state: 'RUNNING' }, found, redriven(6)];
    const { calls, printed } = await run('resume op-1', { answers });
    expect(calls[2]).toMatchObject({
      functionKey: 'redriveDeadLetters',
      payload: { cursor: 'there', limit: 6 },
    });
    expect(printed).toContain('6 redriven');
  });

  it('when it is paused meanwhile, the command ends and says how to go on', async () => {
    const paused = { ...redriven(2, 3), state: 'PAUSED' };
    const { exitCode, calls, told } = await run('redrive --topic t --yes', { answers: [preview(5), paused] });
    expect([exitCode, calls.length]).toEqual([0, 2]);
    expect(told).toContain('resume op');
  });

  it('when there is none, ends with 3', async () => {
    expect((await run('operations op-1', { answers: [null] })).exitCode).toBe(3);
    expect((await run('pause op-1', { answers: [null] })).exitCode).toBe(3);
  });
});

describe('dead-letters undo', () => {
  it('when an operation is named, has it undone and says how many got back their status', async () => {
    const answer = { operationId: 'op-2', undone: 'op-1', changed: 5 };
    const { calls, printed } = await run('undo op-1 --operator ada', { answers: [answer] });
    expect(calls).toEqual([{ functionKey: 'undoOperation', payload: { id: 'op-1', operator: 'ada' } }]);
    expect(printed).toBe('5 restored.\n');
  });

  it('when there is no such operation, ends with 3', async () => {
    expect((await run('undo op-1', { answers: [null] })).exitCode).toBe(3);
  });
});
