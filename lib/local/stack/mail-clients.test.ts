import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './ports.ts';
import { startMail, type RunningMail } from './mail.ts';

describe('the local mail server', () => {
  let mail: RunningMail;
  let smtp: number;

  beforeAll(async () => {
    smtp = await freePort();
    mail = await startMail({ smtp, mail: await freePort() });
  });

  afterAll(() => mail.stop());

  it('when a client is killed in the middle of a mail, continues to serve the others', async () => {
    const killed = connect(smtp, '127.0.0.1');
    await once(killed, 'data');
    killed.write(
      'EHLO test\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\nSubject: half',
    );
    await once(killed, 'data');
    killed.resetAndDestroy();
    await once(killed, 'close');
    const other = connect(smtp, '127.0.0.1');
    expect(String(await once(other, 'data'))).toMatch(/^220 /);
    other.destroy();
  });
});
