import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import type { OfferMessage } from './contracts/waitlist-offer';
import { localFirst, sendBy, WRITE } from './options';
import type { Story, StoryInput } from './story';
import { openStory } from './story';

const readFreedSlot = localFirst('readFreedSlot');
const askNext = localFirst('askNext');
const { closeFreedSlot } = proxyActivities<Activities>(WRITE);

/**
 * A freed slot finds its next guest by itself (R60): as long as it is free and an hour away, the next person who waits for it is asked and has half an hour to
 * answer; then the one after. It ends when somebody has it, when it is taken or too close, or when nobody is left. Answers and bookings only ring it.
 */
export async function waitlistOffer(input: StoryInput): Promise<void> {
  const story = openStory(input);
  for (;;) {
    await story.turnPage();
    const slot = await readFreedSlot(story.look());
    if (story.rangSince()) continue;
    switch (slot.state) {
      case 'free':
        await askWhoIsNext(story);
        break;
      case 'sending':
        await story.wait(slot.wakeAt, 'the vendor');
        await send(input, slot.messages);
        break;
      case 'asking':
        await story.wait(slot.wakeAt, 'an answer');
        break;
      case 'filled':
      case 'taken':
      case 'too_close':
        await closeFreedSlot({ ...story.look(), ending: slot.state });
        break;
      case 'over':
        return;
    }
  }
}

async function askWhoIsNext(story: Story): Promise<void> {
  const next = await askNext(story.look());
  if (next.word === 'asked') return; // the next look sends it
  if (next.word === 'later') return story.wait(next.wakeAt, 'somebody who can be asked');
  // Somebody may have joined the list while it looked.
  if (!story.rangSince()) await closeFreedSlot({ ...story.look(), ending: 'nobody' });
}

/** An offer whose message does not leave is seen by the next look. */
async function send({ businessId }: StoryInput, messages: OfferMessage[]): Promise<void> {
  for (const { messageId, queue } of messages) await sendBy(queue, { businessId, messageId, now: new Date().toISOString() });
}
