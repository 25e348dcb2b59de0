import { v7 as newId } from 'uuid';
import { foundBusiness } from '../../../api/founding';
import { insertAbsence } from '../../../db/availability';
import { putChannelSetting } from '../../../db/channel-settings';
import type { Hasher } from '../../../db/hashing';
import { replaceHours } from '../../../db/hours';
import { insertResource } from '../../../db/resources';
import { insertService, replaceServiceLinks } from '../../../db/services';
import { insertStaff, updateStaff } from '../../../db/staff';
import type { Tx } from '../../../db/tenancy';
import { localDate, plusDays, ruleInstant, weekday, type Instant } from '../../../domain/time';
import type { DemoPlan, DemoStaff } from './plan';

type Making = { plan: DemoPlan; hash: Hasher; now: Instant };

/** The business of this transaction with its people, rooms and services. Answers the services' ids in the plan's order. */
export async function addBusiness(tx: Tx, { plan, hash, now }: Making): Promise<string[]> {
  const { id, name, zone, locale, phone, email, smsNumber, place, address, hours, owner } = plan;
  const asked = {
    name,
    zone,
    locale,
    phone,
    email,
    smsNumber,
    smsRegistered: true,
    location: { name: place, address, hours },
    owner: { name: owner.name, email: owner.email },
  };
  const { locationId, ownerStaffId } = await foundBusiness(tx, { id, asked, now, hash });
  const { whatsapp } = plan;
  if (whatsapp) await putChannelSetting(tx, { channel: 'whatsapp', vendor: 'twilio', sender: whatsapp.sender, ifVersion: null, now });
  await insertAbsence(tx, { id: newId(), kind: 'closure', staffId: null, locationId, ...closureOf(plan, now) });

  const bookable = { bookable: true, locale: owner.locale };
  await updateStaff(tx, { id: ownerStaffId, fields: bookable, ifVersion: null, now });
  await replaceHours(tx, 'staff', { ownerId: ownerStaffId, hours: owner.hours });
  const staff = new Map([[firstName(owner), ownerStaffId]]);
  for (const member of plan.staff) staff.set(firstName(member), await addStaff(tx, { member, locationId, now }));

  const resources = new Map<string, string[]>();
  for (const { name: resource, kind } of plan.resources) {
    const resourceId = newId();
    await insertResource(tx, { id: resourceId, locationId, name: resource, kind, now });
    resources.set(kind, [...(resources.get(kind) ?? []), resourceId]);
  }
  return addServices(tx, { plan, staff, resources, now });
}

async function addStaff(tx: Tx, { member, locationId, now }: { member: DemoStaff; locationId: string; now: Instant }): Promise<string> {
  const { name, email, locale, hours } = member;
  const id = newId();
  const rest = { phoneE164: null, permissionLevel: 'staff' as const, dndStartMinute: null, dndEndMinute: null };
  await insertStaff(tx, { id, locationId, name, email, locale, bookable: hours.length > 0, ...rest, now });
  await replaceHours(tx, 'staff', { ownerId: id, hours });
  return id;
}

type Services = { plan: DemoPlan; staff: Map<string, string>; resources: Map<string, string[]>; now: Instant };

async function addServices(tx: Tx, { plan, staff, resources, now }: Services): Promise<string[]> {
  const ids: string[] = [];
  for (const { staff: names, needs, ...service } of plan.services) {
    const id = newId();
    await insertService(tx, { id, ...service, now });
    const staffIds = names.map((name) => known(staff, name));
    await replaceServiceLinks(tx, id, { staffIds, resourceIds: needs.flatMap((kind) => known(resources, kind)) });
    ids.push(id);
  }
  return ids;
}

/** A whole day on which the place would be open, some days ahead. */
function closureOf({ zone, hours, closure }: DemoPlan, now: Instant): { startsAt: Instant; endsAt: Instant; reason: string } {
  const days = Array.from({ length: 7 }, (_, i) => plusDays(localDate(now, zone), closure.inDays + i));
  const date = days.find((day) => hours.some((open) => open.weekday === weekday(day))) ?? plusDays(localDate(now, zone), closure.inDays);
  const midnight = (day: string): Instant => ruleInstant({ date: day, time: '00:00' }, zone);
  return { startsAt: midnight(date), endsAt: midnight(plusDays(date, 1)), reason: closure.reason };
}

const firstName = ({ name }: DemoStaff): string => name.split(' ')[0] ?? name;

function known<T>(map: Map<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`the demo names ${name}, who is not in it`);
  return value;
}
