import { partsOf, type FeedItem } from './feed';
import type { Live } from './live';
import { linkTo, type Scope } from './scope';
import { cityOf } from './times';

/** The phone: bezel, what arrived, and a field to answer. The thread inside is replaced live. */
export function Phone({ scope, live }: { scope: Scope; live: Live }) {
  const { words, person, business, times } = scope;
  return (
    <div class="phone">
      <div class="screen">
        <div class="status-bar" aria-hidden="true">
          <span id="phone-time">{times.time(live.now)}</span>
          <span class="island" />
          <span class="battery" />
        </div>
        <header class="phone-head">
          <h2>{words.phoneOf(person.name)}</h2>
          <p>{[person.phone, person.email].filter(Boolean).join(' · ')}</p>
          {times.zone !== business.zone && <p>{words.times(cityOf(times.zone))}</p>}
          <Filter scope={scope} />
        </header>
        <div id="thread" class="thread" role="log" aria-label={words.thread} tabindex={0}>
          <Thread scope={scope} feed={live.feed} />
        </div>
        <Composer scope={scope} />
        <div class="home-bar" aria-hidden="true" />
      </div>
    </div>
  );
}

function Filter({ scope: { words } }: { scope: Scope }) {
  const kinds = [
    ['all', words.all],
    ['texts', words.texts],
    ['whatsapps', words.whatsapps],
    ['mails', words.mails],
  ] as const;
  return (
    <fieldset class="filter">
      <legend class="unseen">{words.filter}</legend>
      {kinds.map(([kind, label]) => (
        <label>
          <input type="radio" name="filter" value={kind} checked={kind === 'all'} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** The messages by day; a sender is named where it changes. */
export function Thread({ scope, feed }: { scope: Scope; feed: FeedItem[] }) {
  if (feed.length === 0) return <p class="thread-empty">{scope.words.noMessages}</p>;
  return (
    <ol>
      {feed.map((item, index) => (
        <Entry scope={scope} item={item} before={feed[index - 1]} />
      ))}
    </ol>
  );
}

function Entry({ scope, item, before }: { scope: Scope; item: FeedItem; before: FeedItem | undefined }) {
  const { times } = scope;
  const day = times.day(item.at);
  const newDay = before === undefined || times.day(before.at) !== day;
  const named = !item.mine && (newDay || before.mine || before.number !== item.number || before.business?.id !== item.business?.id);
  return (
    <>
      {newDay && (
        <li class="day" id={`day-${String(item.seq)}`}>
          <span>{day}</span>
        </li>
      )}
      <li class={`entry ${item.channel} ${item.mine ? 'mine' : 'theirs'}`} id={`entry-${String(item.seq)}`}>
        {named && <Sender scope={scope} item={item} />}
        {item.channel === 'email' ? <Mail scope={scope} item={item} /> : <Bubble scope={scope} item={item} />}
      </li>
    </>
  );
}

function Sender({ scope, item: { business, number } }: { scope: Scope; item: FeedItem }) {
  const name = business?.name ?? number;
  return (
    <p class="sender">
      <span class={`avatar tone-${String(toneOf(scope, business))}`} aria-hidden="true">
        {Array.from(name)[0]}
      </span>
      {name}
    </p>
  );
}

/** One colour for each business, the same on every page. */
const toneOf = ({ demo }: Scope, business: FeedItem['business']): number =>
  business ? demo.businesses.findIndex(({ id }) => id === business.id) % 4 : 3;

function Bubble({ scope, item }: { scope: Scope; item: FeedItem }) {
  const { words, times } = scope;
  return (
    <div class="bubble">
      {item.mine && <span class="unseen">{`${words.you}: `}</span>}
      <p>
        {partsOf(item.text).map(({ text, url }) =>
          url === null ? (
            text
          ) : (
            <a href={url} target="_blank" rel="noopener">
              {text}
            </a>
          ),
        )}
      </p>
      <small>
        {[times.time(item.at), item.channel === 'whatsapp' && 'WhatsApp', item.automatic && words.automatic].filter(Boolean).join(' · ')}
      </small>
    </div>
  );
}

function Mail({ scope, item }: { scope: Scope; item: FeedItem }) {
  const { words, times } = scope;
  const subject = item.subject ?? words.mails;
  return (
    <details class="mail">
      <summary>
        <span class="mail-subject">{subject}</span>
        <span class="mail-more">
          <small>{times.time(item.at)}</small> <span>{words.openMail}</span>
        </span>
      </summary>
      {/* No script runs in it; the page measures it, and its links open in a new tab. */}
      <iframe
        title={words.mailOf(subject)}
        src={`/handset/mail/${String(item.seq)}`}
        loading="lazy"
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      />
      {item.unsubscribeUrl !== null && (
        <p class="mail-unsubscribe">
          {/* What a mail program offers beside the sender's name: one POST, no page. */}
          <button type="button" hx-post={linkTo(`/handset/unsubscribe/${String(item.seq)}`, scope)} hx-swap="outerHTML">
            {words.unsubscribe}
          </button>
        </p>
      )}
    </details>
  );
}

function Composer({ scope }: { scope: Scope }) {
  const { words, person } = scope;
  if (person.phone === null && person.whatsapp === null) return <p class="composer-none">{words.noPhone}</p>;
  const post = { 'hx-post': linkTo('/handset/reply', scope), 'hx-target': '#reply-note', 'hx-swap': 'innerHTML' };
  return (
    <form id="composer" class="composer" autocomplete="off" {...post}>
      <div id="reply-note" class="reply-note" role="alert" />
      <div class="composer-top">
        <ReplyTo scope={scope} />
        <div class="quick" role="group" aria-label={words.quickReplies}>
          {/* No submit buttons: the first of them would be what the Enter key presses. */}
          {['C', 'R', 'STOP'].map((word) => (
            <button type="button" {...post} hx-vals={JSON.stringify({ quick: word })}>
              {word}
            </button>
          ))}
        </div>
      </div>
      <div class="composer-line">
        <label class="unseen" for="reply-text">
          {words.replyText}
        </label>
        <input id="reply-text" name="text" type="text" required maxlength={1600} placeholder={words.replyText} />
        <button type="submit" class="send" aria-label={words.send}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path
              d="M12 20V5M5.5 11 12 4.5 18.5 11"
              fill="none"
              stroke="currentColor"
              stroke-width="2.4"
              stroke-linecap="round"
              stroke-linejoin="round"
            />
          </svg>
        </button>
      </div>
    </form>
  );
}

/** Every business by text, and by WhatsApp where it is there. The value is the channel and our side's number or id. */
function ReplyTo({ scope: { words, person, business, demo, senders } }: { scope: Scope }) {
  const whatsAppOf = (id: string): string | null =>
    person.whatsapp === null ? null : (senders.find((one) => one.id === id)?.whatsapp ?? null);
  return (
    <label class="reply-to">
      <span>{words.replyTo}</span>
      <select name="to">
        {demo.businesses.map(({ id, name, sms_number }) => (
          <>
            {person.phone !== null && (
              <option value={`sms ${sms_number}`} selected={id === business.id}>
                {name}
              </option>
            )}
            {whatsAppOf(id) !== null && <option value={`whatsapp ${String(whatsAppOf(id))}`}>{`${name} · WhatsApp`}</option>}
          </>
        ))}
      </select>
    </label>
  );
}
