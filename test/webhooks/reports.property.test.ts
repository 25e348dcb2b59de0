import fc from 'fast-check';
import { noteReport, reopenFailed } from '../../db/sending';
import { findMessage } from '../../db/messages';
import type { Tx } from '../../db/tenancy';
import { withBusiness } from '../../db/tenancy';
import { parseTwilioWebhook } from '../../providers/twilio/callback';
import { aSentMessage } from '../support/deliveries';
import type { Salon } from '../support/salon';
import type { World } from '../support/world';
import { startWorld } from '../support/world';

let world: World;
let salon: Salon;
beforeAll(async () => {
  world = await startWorld({ worker: false });
  salon = await world.aSalon({ now: NOW });
});
afterAll(() => world.close());

const NOW = '2027-03-02T15:00:00.000Z';
const STATUSES = ['accepted', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'read'] as const;

type Sent = { id: string; vendorId: string };

/** As the vendor's callback says it. */
async function report(tx: Tx, { id, vendorId }: Sent, status: string): Promise<void> {
  const body = new URLSearchParams({ MessageSid: vendorId, MessageStatus: status }).toString();
  const event = parseTwilioWebhook({ url: '/webhooks/twilio/status', body });
  if (event.kind !== 'status') throw new Error('no status');
  await noteReport(tx, { ...event, id, now: NOW });
}
const inSalon = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => withBusiness(world.db, salon.id, work);

/** The ranks that a message had after each report. */
const ranks = (message: Sent, statuses: readonly string[]): Promise<number[]> =>
  inSalon(async (tx) => {
    const seen: number[] = [];
    for (const status of statuses) {
      await report(tx, message, status);
      seen.push((await findMessage(tx, message.id)).vendorRank);
    }
    return seen;
  });

describe('the vendor’s reports on a message', () => {
  it('in any order, once or often, only ever raise its rank, and end where the highest of them says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 8 }), async (statuses) => {
        const forwards = await ranks(await aSentMessage(world.db, salon, { now: NOW }), statuses);
        expect(forwards).toEqual([...forwards].sort((a, b) => a - b));
        const backwards = await ranks(await aSentMessage(world.db, salon, { now: NOW }), [...statuses].reverse());
        expect(backwards.at(-1)).toBe(forwards.at(-1));
      }),
      { numRuns: 15 },
    );
  });

  it('say nothing of a later attempt when they are about one that was given up', async () => {
    const message = await aSentMessage(world.db, salon, { now: NOW });
    await inSalon(async (tx) => {
      await report(tx, message, 'undelivered');
      await reopenFailed(tx, { id: message.id, status: 'planned', reason: null, deferredUntil: NOW, now: NOW });
      await tx('messages').where({ id: message.id }).update({ status: 'sending', attempt: 2 });
      for (const status of ['sent', 'delivered', 'read']) await report(tx, message, status);
      expect(await findMessage(tx, message.id)).toMatchObject({ status: 'sending', vendorId: null, vendorRank: 0 });
      await report(tx, { ...message, vendorId: 'SM-of-the-second' }, 'delivered');
      expect(await findMessage(tx, message.id)).toMatchObject({ status: 'delivered', vendorId: 'SM-of-the-second' });
    });
  });
});
