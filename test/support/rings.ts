import { touchAppointments } from '../../db/appointments';
import { ring } from '../../db/doorbell';
import { findProcess } from '../../db/processes';
import { withBusiness } from '../../db/tenancy';
import { appointmentProcess } from '../../workflows/contracts/appointment';
import { changed, CORE_QUEUE } from '../../workflows/contracts/doorbell';
import type { Salon } from './salon';
import type { Visit } from './visits';
import type { World } from './world';

/** Rings and changes made by hand, past the API and the relay. */
export type Rings = {
  /** A change that is committed with its doorbell, as every change is. Answers the version. */
  change: (visit: Visit) => Promise<number>;
  /** A change of which no doorbell tells: the test rings itself. */
  changeSilently: (visit: Visit) => Promise<number>;
  /** What the relay does with a doorbell. */
  signal: (visit: Visit, version: number) => Promise<void>;
  /** What the process planned last and whether it is over. */
  process: (visit: Visit) => Promise<{ version: number; plannedVersion: number; isClosed: boolean }>;
};

export function ringsOf({ db, client }: World, { id: businessId }: Salon): Rings {
  const now = (): string => new Date().toISOString();
  const touched = async (tx: Parameters<typeof touchAppointments>[0], { id }: Visit): Promise<number> => {
    const [row] = await touchAppointments(tx, [id], now());
    return row!.version;
  };
  return {
    change: (visit) =>
      withBusiness(db, businessId, async (tx) => {
        const version = await touched(tx, visit);
        await ring(tx, { ...appointmentProcess(visit.id), version, now: now() });
        return version;
      }),
    changeSilently: (visit) =>
      withBusiness(db, businessId, async (tx) => {
        const version = await touched(tx, visit);
        await tx('processes').where({ workflowId: visit.workflowId }).update({ version, closedAt: null });
        return version;
      }),
    signal: async (visit, version) => {
      await client.workflow.signalWithStart('appointment', {
        workflowId: visit.workflowId,
        taskQueue: CORE_QUEUE,
        args: [{ businessId, id: visit.id }],
        signal: changed,
        signalArgs: [version],
        workflowTaskTimeout: '5s',
      });
    },
    process: async (visit) => {
      const found = await withBusiness(db, businessId, (tx) => findProcess(tx, visit.workflowId));
      if (!found) throw new Error(`${visit.workflowId} has no process`);
      return { version: found.version, plannedVersion: found.plannedVersion, isClosed: found.closedAt !== null };
    },
  };
}
