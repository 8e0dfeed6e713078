import { createTransport } from 'nodemailer';
import { startMail, type RunningMail } from './mail.ts';
import { freePort } from './ports.ts';

interface Listed {
  total: number;
  messages: {
    ID: string;
    Subject: string;
    From: unknown;
    To: unknown;
    Snippet: string;
    Attachments: number;
  }[];
}

describe('the mail server that delivers nothing', () => {
  let mail: RunningMail;

  beforeEach(async () => {
    mail = await startMail({ smtp: await freePort(), mail: await freePort() });
  });
  afterEach(async () => {
    await mail.stop();
  });

  const get = async (path: string) => await fetch(`${mail.mailUrl}${path}`);
  const list = async (query = '') => (await (await get(`/api/v1/messages${query}`)).json()) as Listed;
  const send = async (subject: string, messageId?: string) => {
    const transport = createTransport(mail.smtpUrl);
    await transport.sendMail({
      from: 'OpenOrder <orders@example.com>',
      to: 'Kim <user42@example.com>',
      subject,
      messageId,
      text: 'Two of ABC-001\nare yours, é.',
      html: '<p>Two of ABC-001</p>',
    });
    transport.close();
  };

  it('when nothing was sent, then the inbox is empty', async () => {
    expect(await list()).toMatchObject({ total: 0, count: 0, messages: [] });
  });

  it('when mails are sent, then they are listed newest first, as Mailpit lists them', async () => {
    await send('first');
    await send('second');
    const { total, messages } = await list();
    expect(total).toBe(2);
    expect(messages.map(({ Subject }) => Subject)).toEqual(['second', 'first']);
    expect(messages[0]).toMatchObject({
      From: { Name: 'OpenOrder', Address: 'orders@example.com' },
      To: [{ Name: 'Kim', Address: 'user42@example.com' }],
      Snippet: 'Two of ABC-001 are yours, é.',
      Attachments: 0,
      Read: false,
    });
  });

  it('when a mail cannot be parsed, then it is listed with its source, and the others as usual', async () => {
    await send('first');
    const transport = createTransport(mail.smtpUrl);
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\npart\r\n'.repeat(1_100);
    const raw = `Subject: many parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${parts}--b--\r\n`;
    await transport.sendMail({ envelope: { from: 'a@example.com', to: 'b@example.com' }, raw });
    transport.close();
    const { messages } = await list();
    expect(messages).toHaveLength(2);
    expect(messages[0]?.Snippet).toContain('Subject: many parts');
    expect(messages[1]?.Subject).toBe('first');
  });

  it('when part of the list is requested, then that part and the total number are returned', async () => {
    await send('first');
    await send('second');
    await send('third');
    expect(await list('?start=1&limit=1')).toMatchObject({
      total: 3,
      count: 1,
      messages: [{ Subject: 'second' }],
    });
  });

  it('when a Message-ID is searched for, then only its mail is returned; other queries are unknown', async () => {
    await send('first');
    await send('second', '<order-1-reserved-email@openorder.example>');
    const search = (query: string) => get(`/api/v1/search?query=${encodeURIComponent(query)}`);
    const found = (await (await search('message-id:"order-1-reserved-email@"')).json()) as Listed;
    expect(found).toMatchObject({ total: 2, messages_count: 1, messages: [{ Subject: 'second' }] });
    expect((await search('subject:first')).status).toBe(404);
  });

  it('when one mail is requested, then its text and HTML are returned', async () => {
    await send('first');
    const id = (await list()).messages[0]?.ID ?? '';
    const expected = { ID: id, Subject: 'first', HTML: expect.stringContaining('<p>Two') as string };
    for (const path of [id, 'latest']) {
      const shown = (await (await get(`/api/v1/message/${path}`)).json()) as { Text: string };
      expect(shown).toMatchObject(expected);
      expect(shown.Text.trim()).toBe('Two of ABC-001\nare yours, é.');
    }
  });

  it.each(['/', '/api/v1/message/none', '/api/v1/message/latest'])(
    'when there is no %s, then 404',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('when it is stopped, then nothing listens any more', async () => {
    await mail.stop();
    await expect(get('/api/v1/messages')).rejects.toThrow();
    await expect(send('late')).rejects.toThrow(/ECONNREFUSED/);
  });
});
