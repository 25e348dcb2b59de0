/** Words of an offer, in English and Spanish. Plain "sale" and "free" are left out: "la cita sale a las 5", "feel free to call". */
const OFFERS =
  /\d+\s?%\s?(?:off|de descuento|dto)|\b(?:discounts?|coupons?|promo(?:tion)?s?|special offers?|limited[- ]time|black friday|buy one|2\s?for\s?1|gift cards?|refer a friend)\b|\b(?:descuentos?|cup(?:o|ó)n(?:es)?|promoci(?:o|ó)n(?:es)?|ofertas?|rebajas?|2\s?x\s?1|tarjetas? de regalo)\b/iu;

/** Whether a text plainly advertises: then it is marketing, whatever its sender calls it (64.1200(f)(13)). Says nothing about the rest. */
export const advertises = (text: string): boolean => OFFERS.test(text);
