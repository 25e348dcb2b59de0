export { appointment } from './appointment';
export { cadence } from './cadence';
export { carrierConsent } from './carrier-consent';
export { messageDelivery } from './message-delivery';
export { localDailies, sweep } from './schedules';
export { waitlistOffer } from './waitlist-offer';
