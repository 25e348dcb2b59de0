import { readOptOut } from '../../domain/opt-out';
import { mayRevoke } from '../../domain/opt-out/suspicion';
import type { Action, WebhookDeps } from './deps';
import { receiveText } from './inbound';
import type { InboundText } from './inbound-text';

/** `storedId`: the stored event's, whose time says what came after it. */
type Written = { businessId: string; event: InboundText; storedId: string };

/** What a person wrote, ready to be taken down: a model has been asked about it, if one is to be. */
export async function textEffect(deps: WebhookDeps, { businessId, event, storedId }: Written): Promise<Action> {
  const judgedOut = (await isJudgedOut(deps, event)) ? { storedId } : null;
  return { businessId, apply: (tx, now) => receiveText(tx, deps, { businessId, event: { ...event, judgedOut }, now }) };
}

/**
 * Whether a model finds an opt-out where the rules find nothing (R31): it may add one, never overrule them, so it is asked about nothing that they have read. Before
 * the transaction that handles the text, which must not wait for it. Whoever does not answer has no opinion.
 */
async function isJudgedOut({ vendors: { optOutJudge }, metrics, log }: WebhookDeps, event: InboundText): Promise<boolean> {
  if (!optOutJudge || !isDoubtful(event)) return false;
  const opinion = await optOutJudge.judge(event.body);
  metrics.judged(opinion.kind);
  if (opinion.kind === 'no_opinion') log.warn({ why: opinion.why }, 'a model that was asked about an opt-out gave no answer');
  return opinion.kind === 'out';
}

/** A stranger's mail, for which nobody vouches, goes to no model. */
const isDoubtful = ({ body, answeredByVendor, automatic = false, unverified = false }: InboundText): boolean =>
  answeredByVendor === null && !automatic && !unverified && mayRevoke(body) && readOptOut(body, { askedToResubscribe: false }) === null;
