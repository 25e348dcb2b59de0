export { appointment } from './appointment';
export { carrierConsent } from './carrier-consent';
export { messageDelivery } from './message-delivery';
export { localDailies, sweep } from './schedules';
export { waitlistOffer } from './waitlist-offer';
