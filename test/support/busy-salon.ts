import { readConfig } from '../../config';
import { changeAppointment } from '../../db/appointments';
import { noteWritten } from '../../db/conversations';
import { insertInbound } from '../../db/inbound';
import { v7 as newId } from 'uuid';
import type { Locale } from '../../domain/message';
import type { Instant } from '../../domain/time';
import { aContact, anAppointment, anUnknownMessage, aWaitlistEntry, inBusiness } from '../factories';
import { MONDAY, type TestApi } from './api';
import { aSalon, type Salon } from './salon';

/** A salon in the middle of a day: visits in every state, somebody who wrote, a message of which nobody knows, and people on the waitlist. */
export async function aBusySalon(api: TestApi, { locale = 'en' }: { locale?: Locale } = {}): Promise<Salon & { visitId: string }> {
  const { db } = api.database;
  const salon = await aSalon(db, {
    appSecret: readConfig({}).APP_SECRET,
    colleague: true,
    locale,
    name: 'Salon Sol de Medianoche y Madrugada',
  });
  const by = { serviceId: salon.serviceId };
  const people = ['Ana López', 'Bartholomew Featherstonehaugh-Cholmondeley', 'Chidi Okafor', 'Dolores Quintanilla'];
  const contacts = await Promise.all(people.map((name, index) => aContact(db, salon.id, { name, phone: `+1212555019${String(index)}` })));
  const at = (hour: number): Instant => `2027-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
  const visit = (hour: number, who: number, staffId: string) =>
    anAppointment(db, salon.id, { ...by, staffId, contactId: contacts[who]!.id, startsAt: at(hour) });
  const [done, here, next, missed, cancelled] = [
    await visit(13, 0, salon.staffId),
    await visit(14, 1, salon.staffId),
    await visit(16, 2, salon.staffId),
    await visit(13, 3, salon.colleagueId),
    await visit(20, 3, salon.colleagueId),
  ];
  await inBusiness(db, salon.id, async (tx) => {
    const change = (id: string, status: 'completed' | 'arrived' | 'no_show' | 'cancelled' | 'confirmed') =>
      changeAppointment(tx, id, { status, previousStatus: 'booked', statusChangedAt: MONDAY, now: MONDAY });
    await change(done.id, 'completed');
    await change(here.id, 'arrived');
    await change(next.id, 'confirmed');
    await change(missed.id, 'no_show');
    await change(cancelled.id, 'cancelled');
    const text = {
      channel: 'sms' as const,
      vendor: 'twilio',
      to: salon.number,
      body: 'Can I bring my daughter along?',
      mediaTypes: [],
      media: null,
      now: MONDAY,
    };
    await insertInbound(tx, { ...text, id: newId(), contactId: contacts[2]!.id, vendorId: `SM${salon.id}`, from: '+12125550192' });
    await noteWritten(tx, { id: newId(), contactId: contacts[2]!.id, now: MONDAY });
  });
  await anUnknownMessage(db, salon.id, contacts[3]!.id);
  await aWaitlistEntry(db, salon.id, { ...by, contactId: contacts[3]!.id });
  return { ...salon, visitId: next.id };
}
