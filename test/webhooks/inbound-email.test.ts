import { readConfig } from '../../config';
import { messageToken } from '../../db/message-tokens';
import type { MessageRow } from '../../db/messages';
import { withBusiness } from '../../db/tenancy';
import { testHasher } from '../factories';
import { INBOUND_DOMAIN, startApi, type TestApi } from '../support/api';
import { aSentMessage, postInboundEmail, type InboundMail } from '../support/deliveries';
import { eventually } from '../support/eventually';
import { aSalon, type Salon } from '../support/salon';
import { alsoServed } from '../support/servers';

let api: TestApi;
let salon: Salon;
beforeAll(async () => {
  api = await startApi();
  salon = await aSalon(api.database.db, { now: api.now(), appSecret: readConfig({}).APP_SECRET });
});
afterAll(() => api.close());

type Inbound = Omit<MessageRow, 'status'> & { mediaTypes: string[]; quarantine: string | null };
const inSalon = <T>(work: Parameters<typeof withBusiness<T>>[2]): Promise<T> => withBusiness(api.database.db, salon.id, work);
const received = (body: string): Promise<Inbound[]> =>
  inSalon((tx) => tx('messages').where({ direction: 'in', channel: 'email', body }).select<Inbound[]>('*'));
const post = (mail: Partial<InboundMail> & { to: string }, at = api.url) =>
  postInboundEmail(at, { from: `Ana <${salon.contactEmail}>`, ...mail });
const events = () =>
  api.database.poolOf('owner', 1)('webhookEvents').where({ provider: 'sendgrid_inbound' }).select<{ status: string }[]>('*');
const replyTo = async (): Promise<string> => {
  const { id } = await aSentMessage(api.database.db, salon, { channel: 'email', now: api.now() });
  return `reply+${messageToken(testHasher, 'reply', id)}@${INBOUND_DOMAIN}`;
};
const slugOf = async (): Promise<string> => {
  const [row] = await inSalon((tx) => tx('businesses').select<{ slug: string }[]>('slug'));
  return row!.slug;
};
const isOptedOut = async (): Promise<boolean | undefined> => {
  const { body } = await api.get<{ channels: { channel: string; opted_out: boolean }[] }>(`/contacts/${salon.contactId}`, {
    key: salon.apiKey,
  });
  return body.channels.find(({ channel }) => channel === 'email')?.opted_out;
};

describe('An answer to one of our mails', () => {
  it('is a message of the person to whom we wrote, without what it quotes, its attachments noted', async () => {
    const mail = { text: '¿Puedo venir a las cinco?\n\nOn Tue, Mar 2, 2027 at 9:41 AM Salon Sol wrote:\n> Your visit', photo: true };
    expect(await post({ to: await replyTo(), ...mail })).toMatchObject({ status: 200 });
    await eventually(async () =>
      expect(await received('¿Puedo venir a las cinco?')).toMatchObject([
        { contactId: salon.contactId, fromAddress: salon.contactEmail, mediaTypes: ['image/jpeg'], quarantine: null },
      ]),
    );
  });

  it('belongs to that person from whichever of their addresses, vouched for or not', async () => {
    await post({ to: await replyTo(), from: 'ana@work.example', text: 'From my office', vouched: false });
    await eventually(async () => expect(await received('From my office')).toMatchObject([{ contactId: salon.contactId }]));
  });

  it('is stored once however often it is delivered', async () => {
    const to = await replyTo();
    const before = (await events()).length;
    for (let i = 0; i < 3; i += 1) await post({ to, text: 'Once only', messageId: '<once@mail.example>' });
    await eventually(async () => expect(await received('Once only')).toHaveLength(1));
    expect(await events()).toHaveLength(before + 1);
  });

  it('is read in whatever character set it comes, and from HTML where there is no text', async () => {
    await post({ to: await replyTo(), text: Buffer.from('¿Mañana a qué hora?', 'latin1'), charset: 'iso-8859-1' });
    await eventually(async () => expect(await received('¿Mañana a qué hora?')).toHaveLength(1));
    await post({ to: await replyTo(), text: '', html: '<p>Hola, <b>voy</b></p><blockquote>Su cita</blockquote><style>p{}</style>' });
    await eventually(async () => expect(await received('Hola, voy')).toHaveLength(1));
  });

  it('by a program is kept and not answered, whatever it says', async () => {
    const quiet = await aSalon(api.database.db, { now: api.now(), appSecret: readConfig({}).APP_SECRET });
    const { id } = await aSentMessage(api.database.db, quiet, { channel: 'email', now: api.now() });
    const to = `reply+${messageToken(testHasher, 'reply', id)}@${INBOUND_DOMAIN}`;
    const rows = (where: object) => withBusiness(api.database.db, quiet.id, (tx) => tx('messages').where(where).select<MessageRow[]>('*'));
    for (const text of ['I am away until Monday', 'HELP'])
      await post({ to, from: quiet.contactEmail, text, headers: 'Auto-Submitted: auto-replied' });
    await eventually(async () => expect(await rows({ direction: 'in' })).toHaveLength(2));
    expect((await rows({ direction: 'out' })).map((row) => row.id)).toEqual([id]);
    await post({ to, from: quiet.contactEmail, text: 'INFO' }); // by herself
    await eventually(async () => expect(await rows({ direction: 'out', rule: 'help' })).toHaveLength(1));
  });

  it('with a token that we did not make is nobody’s', async () => {
    await post({ to: `reply+${'0'.repeat(44)}@${INBOUND_DOMAIN}`, text: 'Made up' });
    await eventually(async () => expect((await events()).some(({ status }) => status === 'unmatched')).toBe(true));
    expect(await received('Made up')).toEqual([]);
  });
});

describe('A mail to the business itself', () => {
  it('is of the contact with that address, when its domain vouches for it', async () => {
    await post({ to: `${await slugOf()}@${INBOUND_DOMAIN}`, text: 'Do you open on Sundays?' });
    await eventually(async () => expect(await received('Do you open on Sundays?')).toMatchObject([{ contactId: salon.contactId }]));
  });

  it('waits in quarantine when anybody could have written it in that name', async () => {
    await post({ to: `${await slugOf()}@${INBOUND_DOMAIN}`, text: 'C', vouched: false });
    await eventually(async () => expect(await received('C')).toMatchObject([{ contactId: null, quarantine: 'waiting' }]));
  });
});

describe('A mail to the unsubscribe address of the List-Unsubscribe header', () => {
  it('ends e-mail, whatever it says', async () => {
    const { id } = await aSentMessage(api.database.db, salon, { channel: 'email', now: api.now() });
    expect(await isOptedOut()).toBe(false);
    await post({
      to: `unsubscribe+${messageToken(testHasher, 'unsubscribe', id)}@${INBOUND_DOMAIN}`,
      subject: 'unsubscribe',
      text: '',
      from: 'robot@mail.example',
    });
    await eventually(async () => expect(await isOptedOut()).toBe(true));
  });
});

describe('The door for mails', () => {
  it('opens for the signature over the raw form alone', async () => {
    const to = await replyTo();
    expect(await post({ to, text: 'Forged', forged: true })).toMatchObject({ status: 401 });
    expect(await post({ to, text: 'Unsigned', unsigned: true })).toMatchObject({ status: 401 });
    const lax = await alsoServed({ ...api.deps, vendors: { ...api.deps.vendors, acceptUnsignedEmail: true } });
    expect(await post({ to, text: 'Unsigned', unsigned: true }, lax.url)).toMatchObject({ status: 200 });
    expect(await post({ to, text: 'Forged', forged: true }, lax.url)).toMatchObject({ status: 401 });
    await lax.close();
    await eventually(async () => expect(await received('Unsigned')).toHaveLength(1));
    expect(await received('Forged')).toEqual([]);
  });

  it('takes a mail of many megabytes, and none of more than thirty', async () => {
    expect(await post({ to: await replyTo(), text: 'With a video', padBytes: 20_000_000 })).toMatchObject({ status: 200 });
    await eventually(async () => expect(await received('With a video')).toHaveLength(1));
    expect(await post({ to: await replyTo(), text: 'Too much', padBytes: 32_000_000 })).toMatchObject({ status: 413 });
  });
});
