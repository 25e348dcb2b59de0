import type { Tracing } from '../../providers/opentelemetry/port';
import { openTracing } from '../../providers/opentelemetry/tracing';
import { startCollector, type Collector, type Exported } from '../support/collector';
import { eventually } from '../support/eventually';
import type { Salon } from '../support/salon';
import { aVisit, type Visit } from '../support/visits';
import { startWorld, type World } from '../support/world';

// A Tuesday, 10:00 in New York; the visit is on Saturday week.
const NOW = '2027-03-02T15:00:00.000Z';
const STARTS_AT = '2027-03-13T15:00:00.000Z';

let collector: Collector;
let tracing: Tracing;
let world: World;
let salon: Salon;
let visit: Visit;
/** Longer words of the texts that the person was sent. */
let told: string[];

/** The journey: booked, confirmed by text, the first reminder a week later, a STOP. Then everything is sent to the collector. */
beforeAll(async () => {
  collector = await startCollector();
  tracing = await openTracing({ endpoint: collector.url, service: 'usher-worker', release: 'test' });
  world = await startWorld({ tracing });
  salon = await world.aSalon({ now: NOW, consents: ['sms'] });
  visit = await aVisit(world, salon, { startsAt: STARTS_AT });
  await eventually(async () => expect(await visit.story()).toContain('confirmation sent 03-02 15:00'));
  world.sandbox.faults.put('twilio', { mode: 'refuse', code: '21408', match: salon.contactPhone, times: 1 });
  await world.clock.push(salon.id, { to: 'next' });
  await eventually(async () => expect(await visit.story()).toContain('7d failed international_blocked'));
  expect(await world.text(salon, 'STOP')).toBe(200);
  await eventually(async () => expect(await visit.story()).toContain('3d skipped suppressed'));
  told = world.sandbox.log.entries({ to: salon.contactPhone }).flatMap(({ body }) => body.split(/\s+/).filter((word) => word.length > 9));
  await world.close();
  await tracing.close();
});
afterAll(() => collector.close());

const named = (name: string): Exported[] => collector.spans().filter((span) => span.name === name);
const parentOf = (span: Exported): Exported | undefined => collector.spans().find(({ spanId }) => spanId === span.parentSpanId);

/** From a span up to the one that nothing caused. */
function ancestry(span: Exported): string[] {
  const parent = parentOf(span);
  return parent ? [span.name, ...ancestry(parent)] : [span.name];
}

const booking = (): Exported => {
  const [span] = named('POST /api/v1/appointments');
  if (!span) throw new Error('the booking has no span');
  return span;
};

describe('a traced journey', () => {
  it('shows a booking, the ring it caused, the plan, the send and the call of the vendor as one trace', () => {
    const call = named('twilio send').find(({ traceId }) => traceId === booking().traceId);
    expect(call && ancestry(call)).toEqual(['twilio send', 'activity sendMessage', 'ring appointment', 'POST /api/v1/appointments']);
    const plan = named('activity planAppointment').find(({ traceId }) => traceId === booking().traceId);
    expect(plan && ancestry(plan)).toEqual(['activity planAppointment', 'ring appointment', 'POST /api/v1/appointments']);
  });

  it('says of each step which process it belongs to and how it ended', () => {
    const [send] = named('activity sendMessage').filter(({ traceId }) => traceId === booking().traceId);
    expect(send?.facts).toMatchObject({ 'usher.workflow_id': visit.workflowId, 'usher.attempt': 1, 'usher.outcome': 'sent' });
    expect(booking().facts).toMatchObject({ 'http.route': '/api/v1/appointments', 'http.response.status_code': 201 });
  });

  it('keeps a reminder out of the trace of its booking, and links the two', () => {
    const [refused] = named('twilio send').filter(({ facts }) => facts['usher.outcome'] === 'refused_international_blocked');
    expect(refused?.failed).toBe(true);
    const reminder = refused && parentOf(refused);
    expect(reminder).toMatchObject({ name: 'activity sendMessage', parentSpanId: '', links: [booking().traceId] });
  });

  it('shows what a text caused below the webhook that brought it', () => {
    const stop = named('POST /webhooks/twilio/inbound')[0];
    const rung = named('ring appointment').find(({ traceId }) => traceId === stop?.traceId);
    expect(rung && ancestry(rung)).toEqual(['ring appointment', 'POST /webhooks/twilio/inbound']);
  });

  it('names routes by their pattern, never by the address that was asked', () => {
    expect(named('GET /api/v1/appointments/:id/messages')).not.toEqual([]);
    expect(collector.bytes()).not.toContain(`/appointments/${visit.id}/`);
    expect(collector.bytes()).not.toMatch(/\?m=|url\.|http\.url|user_agent|client\.address|host\.name|command_args/);
  });

  it('tells the collector nothing about the person: no number, address, name or text in any byte', () => {
    const bytes = collector.bytes();
    expect(bytes.length).toBeGreaterThan(5_000);
    const { contactPhone, contactEmail, number } = salon;
    const personal = [
      contactPhone,
      contactPhone.slice(2),
      contactEmail,
      number,
      'Ana',
      'Diaz',
      'Marta',
      'Salon Sol',
      'Haircut',
      'STOP',
      ...told,
    ];
    expect(told.length).toBeGreaterThan(3);
    expect(personal.filter((word) => bytes.includes(word))).toEqual([]);
    expect(bytes).not.toMatch(/\+1\d{10}|@example\.com/);
  });
});

describe('without a collector', () => {
  it('nothing is traced and no tracing library is loaded', async () => {
    const off = await openTracing({ endpoint: undefined, service: 'usher-api', release: 'test' });
    expect(await off.span({ name: 'GET', kind: 'server' }, async () => off.traceparent())).toBeNull();
  });
});
