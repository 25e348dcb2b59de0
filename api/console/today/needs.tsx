import { listConversations, type ConversationListed } from '../../../db/conversations';
import { findTroubledMessages, type TroubledMessage } from '../../../db/troubled-messages';
import type { Tx } from '../../../db/tenancy';
import { messageName } from '../../../domain/message-names';
import { DAY_MS, plusMs, type Instant } from '../../../domain/time';
import { explainMessage } from '../../presenters/message-explanation';
import type { Frame } from '../shell/shell';
import { todayWords } from './words';

/** What waits for a person: messages of which nobody knows or that failed within a day, and people who wait for an answer. */
export type Needs = { messages: TroubledMessage[]; conversations: ConversationListed[] };

const MOST = 6;

export async function findNeeds(tx: Tx, now: Instant): Promise<Needs> {
  const messages = await findTroubledMessages(tx, { since: plusMs(now, -DAY_MS), limit: MOST });
  const asked = await listConversations(tx, { status: 'open', needsPerson: true, limit: MOST });
  const unread = await listConversations(tx, { status: 'open', needsPerson: false, unread: true, limit: MOST });
  return { messages, conversations: [...asked, ...unread].slice(0, MOST) };
}

export function NeedsList({
  needs: { messages, conversations },
  frame,
  now,
  zone,
}: {
  needs: Needs;
  frame: Frame;
  now: Instant;
  zone: string;
}) {
  const { locale } = frame;
  const words = todayWords(locale);
  return (
    <section class="card no-print" aria-labelledby="needs">
      <h2 id="needs">{words.needs}</h2>
      {messages.length + conversations.length === 0 && <p class="hint">{words.needsNone}</p>}
      <ul class="lines">
        {conversations.map(({ id, contactName, needsPerson, unread, last }) => (
          <li key={id}>
            <p>
              <strong>{words.wrote(contactName)}</strong> {needsPerson === null ? words.unread(unread) : words.why[needsPerson]}
            </p>
            {last?.body != null && <blockquote>{last.body}</blockquote>}
          </li>
        ))}
        {messages.map((message) => (
          <li key={message.id}>
            <p>
              <strong>{words.about(messageName(message.rule, locale), message.receiverName)}</strong>{' '}
              {explainMessage({ ...message, waitingUntil: null }, { now, locale, zone })}
            </p>
            {message.appointmentId !== null && <a href={`/visits/${message.appointmentId}`}>{words.seeVisit}</a>}
          </li>
        ))}
      </ul>
    </section>
  );
}
