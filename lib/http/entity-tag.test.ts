import { emptyRequest } from '../../test/support/request.ts';
import { withEntityTag } from './entity-tag.ts';

const answer = { status: 200, body: { lag: 3 } };
const handle = withEntityTag(() => Promise.resolve(answer));
const tagOf = async () => (await handle(emptyRequest())).headers?.['etag'] ?? '';

describe('a response with an entity tag', () => {
  it('when it is requested for the first time, is complete and may be kept for revalidation', async () => {
    expect(await handle(emptyRequest())).toMatchObject({
      ...answer,
      headers: {
        etag: expect.stringMatching(/^"[\w-]{22}"$/) as string,
        'cache-control': 'private, no-cache',
      },
    });
  });

  it.each([(tag: string) => tag, (tag: string) => `W/${tag}`, (tag: string) => `"other", ${tag}`])(
    'when the client has it already, is 304 without a body',
    async (condition) => {
      const request = emptyRequest({ headers: { 'if-none-match': condition(await tagOf()) } });
      expect(await handle(request)).toMatchObject({ status: 304, body: undefined });
    },
  );

  it('when it has changed since, is complete', async () => {
    const request = emptyRequest({ headers: { 'if-none-match': await tagOf() } });
    const changed = withEntityTag(() => Promise.resolve({ status: 200, body: { lag: 4 } }));
    expect(await changed(request)).toMatchObject({ status: 200, body: { lag: 4 } });
  });
});
