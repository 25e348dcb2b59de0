export { appointment } from './appointment';
export { messageDelivery } from './message-delivery';
export { localDailies, sweep } from './schedules';
export { waitlistOffer } from './waitlist-offer';
