import { commandOf } from './command.ts';

describe('a page as a command', () => {
  it.each([
    ['list', {}, 'list'],
    [
      'redrive',
      { topic: 'order.created', consumerGroup: 'a-b', cursor: undefined },
      'redrive --topic order.created --group a-b',
    ],
    ['park', { ids: [1, 2], status: 'NEW' }, 'park 1 2 --status NEW'],
    ['redrive', { exception: '(none)', ratePerSecond: 5 }, "redrive --exception '(none)' --rate 5"],
    ['list', { key: "it's" }, String.raw`list --key 'it'\''s'`],
  ])('when %s is done with %j, it is `%s`', (verb, conditions, line) => {
    expect(commandOf(verb, conditions)).toBe(`npm run dead-letters -- ${line}`);
  });

  it('when the API is elsewhere, its address is named', () => {
    expect(commandOf('list', {}, 'https://shop.example')).toMatch(/ --url https:\/\/shop\.example$/);
  });
});
