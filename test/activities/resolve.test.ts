import { withBusiness } from '../../db/tenancy';
import { attemptsOf, type Attempts } from '../support/attempts';
import { postSendGrid } from '../support/deliveries';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit } from '../support/visits';
import { startWorld, type World } from '../support/world';

// A Tuesday, 10:00 in New York.
const NOW = '2027-03-02T15:00:00.000Z';

let world: World;
beforeAll(async () => {
  world = await startWorld({ worker: false, breaker: { openAfter: 1_000, openForMs: 1 } });
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear('sendgrid'));

type Case = Attempts & {
  salon: Salon;
  messageId: string;
  decide: (decision: string) => Promise<{ status: number; body: Record<string, unknown> }>;
};

/** A confirmation by e-mail that the vendor took, and nobody heard of it: the answer was lost and the events come forged. */
async function anUnknownOne(): Promise<Case> {
  const salon = await world.aSalon({ now: NOW, phone: false, consents: ['email'] });
  const attempts = attemptsOf(world, salon);
  const messageId = await attempts.plan(await aVisit(world, salon, { startsAt: '2027-03-04T17:00:00.000Z' }), 'confirmation');
  world.sandbox.faults.put('sendgrid', { mode: 'commit_then_drop', match: salon.contactEmail, times: 1 });
  world.sandbox.faults.put('sendgrid', { mode: 'bad_signature', match: salon.contactEmail });
  expect(await attempts.send(messageId)).toEqual({ againInMs: 90_000 });
  await attempts.age(messageId, 6 * 60_000);
  expect(await attempts.send(messageId)).toBe('unknown');
  world.sandbox.faults.clear('sendgrid');
  const decide: Case['decide'] = (decision) => world.call(salon, `POST /messages/${messageId}/resolve`, { decision });
  return { ...attempts, salon, messageId, decide };
}

/** The vendor's event at last. */
const report = ({ messageId }: Case): Promise<unknown> =>
  postSendGrid(world.api, [
    {
      event: 'delivered',
      email: 'x@example.com',
      m: messageId,
      sg_event_id: `e-${messageId}`,
      sg_message_id: `id-${messageId}.f`,
      timestamp: 1,
    },
  ]);

describe('a message of which nobody knows whether it was sent', () => {
  it('is listed, and counts as sent when a person says that it was', async () => {
    const { salon, messageId, decide, send, accepted } = await anUnknownOne();
    const listed = await world.call<{ messages: { id: string; status: string }[] }>(salon, 'GET /messages?status=unknown');
    expect(listed.body.messages).toMatchObject([{ id: messageId, status: 'unknown' }]);
    expect(await decide('it_was_sent')).toMatchObject({
      status: 200,
      body: { status: 'sent', resolution: 'it_was_sent', price_source: 'estimated' },
    });
    expect(await send(messageId)).toBe('settled');
    expect(accepted()).toHaveLength(1);
  });

  it('makes another attempt on the same row when a person says so, once however often they say it', async () => {
    const { messageId, decide, send, row, accepted } = await anUnknownOne();
    const answers = await Promise.all([decide('send_again'), decide('send_again'), decide('send_again')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await send(messageId)).toBe('sent');
    expect(await decide('send_again')).toMatchObject({ status: 200 });
    expect(await send(messageId)).toBe('settled');
    expect(accepted()).toHaveLength(2); // the person asked for it
    expect(await row(messageId)).toMatchObject({ attempt: 2, resolution: 'send_again' });
  });

  it('stays unknown when it is left so, and leaves what waits for a person', async () => {
    const { messageId, decide, row } = await anUnknownOne();
    const waiting = async (): Promise<number> => {
      const { rows } = await world.db.pool.raw<{ rows: { count: number }[] }>('select count_unknown_messages() as count');
      return rows[0]!.count;
    };
    const before = await waiting();
    expect(await decide('leave_it')).toMatchObject({ status: 200, body: { status: 'unknown', resolution: 'leave_it' } });
    expect(await waiting()).toBe(before - 1);
    expect(await decide('send_again')).toMatchObject({ status: 200, body: { status: 'planned' } });
    expect(await row(messageId)).toMatchObject({ status: 'planned', settledAt: null });
  });

  it('is settled by a report that comes before the decision', async () => {
    const one = await anUnknownOne();
    await report(one);
    await eventually(async () => expect(await one.row(one.messageId)).toMatchObject({ status: 'delivered' }));
    expect(await one.decide('send_again')).toMatchObject({ status: 409, body: { code: 'message_not_unknown' } });
    expect(await one.send(one.messageId)).toBe('settled');
    expect(one.accepted()).toHaveLength(1);
  });

  it('is not sent again when the report comes after the decision and before the attempt', async () => {
    const one = await anUnknownOne();
    await one.decide('send_again');
    await report(one);
    await eventually(async () => expect(await one.row(one.messageId)).toMatchObject({ status: 'delivered' }));
    expect(await one.send(one.messageId)).toBe('settled');
    expect(one.accepted()).toHaveLength(1);
  });

  it('is sent at most once more, and never after its report, when report and decision fall into the same instant', async () => {
    for (let round = 0; round < 8; round += 1) {
      const one = await anUnknownOne();
      const [decided] = await Promise.all([one.decide('send_again'), report(one)]);
      expect([200, 409]).toContain(decided.status);
      await eventually(async () => expect(await one.row(one.messageId)).toMatchObject({ status: 'delivered' }));
      expect(await one.send(one.messageId)).toBe('settled');
      expect(one.accepted()).toHaveLength(1);
    }
  });

  it('is decided by an admin, and the audit log says so', async () => {
    const { salon, messageId, decide } = await anUnknownOne();
    await decide('leave_it');
    const logged = await withBusiness(world.db, salon.id, (tx) =>
      tx('auditLogs').where({ subjectId: messageId }).select<{ action: string; changes: unknown }[]>('action', 'changes'),
    );
    expect(logged).toEqual([{ action: 'message.resolved', changes: { fields: ['decision'] } }]);
  });
});
