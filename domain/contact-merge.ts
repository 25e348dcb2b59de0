import type { Channel, ContactChannel, Purpose } from './message';
import type { Instant } from './time';

// Two contacts that turn out to be one person (R50): which facts of the one that goes are true of the one that stays. Of two words the stricter holds.

type Person = {
  name: string;
  phoneE164: string | null;
  phoneHash: string | null;
  email: string | null;
  emailHash: string | null;
  zone: string | null;
  postalCode: string | null;
  preferredChannel: Channel | null;
  source: string;
  createdAt: Instant;
};

/** What the kept contact is afterwards: what it has stays, what it lacks comes from the other; the earlier of the two says since when and whence. */
export function mergedPerson(kept: Person, gone: Person): Person {
  const [first] = [kept, gone].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const phone = kept.phoneE164 === null ? gone : kept;
  const mail = kept.email === null ? gone : kept;
  return {
    name: kept.name === '' ? gone.name : kept.name,
    ...{ phoneE164: phone.phoneE164, phoneHash: phone.phoneHash, email: mail.email, emailHash: mail.emailHash },
    zone: kept.zone ?? gone.zone,
    postalCode: kept.postalCode ?? gone.postalCode,
    preferredChannel: kept.preferredChannel ?? gone.preferredChannel,
    ...{ source: (first ?? kept).source, createdAt: (first ?? kept).createdAt },
  };
}

type Word = { channel: ContactChannel; purpose: Purpose; granted: boolean; recordedAt: Instant };

export type ConsentsOfTwo<W extends Word> = {
  /** Each newest first. */
  kept: readonly W[];
  gone: readonly W[];
  /** Whether the kept contact is reached over the channel at the address that the other's word was about. */
  sameAddress: (channel: ContactChannel) => boolean;
  now: Instant;
};

/**
 * What is to be added to the kept contact's consent log: a withdrawal of the other's holds from now on, whatever was allowed here, also where nothing was: a list that
 * is imported later must find it. A consent of the other's counts only where nothing was said here and the address is the same one, with the time at which it was given.
 */
export function consentsToAdd<W extends Word>({ kept, gone, sameAddress, now }: ConsentsOfTwo<W>): W[] {
  return latest(gone).flatMap((word) => {
    const mine = latest(kept).find((other) => isSame(other, word));
    if (!word.granted) return mine?.granted === false ? [] : [{ ...word, recordedAt: now }];
    return mine === undefined && sameAddress(word.channel) ? [word] : [];
  });
}

type Refusal = { channel: ContactChannel; suppressedAt: Instant };

/** Yeses of the kept contact that end with an opt-out of the other's that is newer, also one taken back since: START brings back what concerns visits, no offers. */
export const endedByOptOut = <W extends Word>(kept: readonly W[], optOuts: readonly Refusal[]): W[] =>
  latest(kept).filter(
    ({ channel, purpose, granted, recordedAt }) =>
      granted &&
      purpose !== 'service' &&
      optOuts.some((said) => (said.channel === 'email') === (channel === 'email') && said.suppressedAt >= recordedAt),
  );

const latest = <W extends Word>(words: readonly W[]): W[] =>
  words.filter((word, i) => words.findIndex((other) => isSame(other, word)) === i);
const isSame = (a: Word, b: Word): boolean => a.channel === b.channel && a.purpose === b.purpose;

type Addresses = Pick<Person, 'phoneHash' | 'emailHash'>;

/** Where the other's opt-out over a channel must hold too: the kept contact's address of the kind, if it is another one. Null: it has none, or the same. */
export function optOutMovesTo(channel: ContactChannel, { kept, gone }: { kept: Addresses; gone: Addresses }): string | null {
  const [to, from] = channel === 'email' ? [kept.emailHash, gone.emailHash] : [kept.phoneHash, gone.phoneHash];
  return to === from ? null : to;
}
