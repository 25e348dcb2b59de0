"""Writes domain/data/{area-codes,postal-prefixes,countries}.ts: where a phone number or a postal code may be (R22).

    python3 -m venv venv && venv/bin/pip install phonenumbers==9.0.43 zipcodes==3.0.0 tzdata==2026.6
    venv/bin/python scripts/generate-places.py && npx prettier --write domain/data

Sources: phonenumbers (libphonenumber, Apache 2.0), zipcodes (USPS, GeoNames CC BY 4.0, unitedstateszipcodes.org), tzdata (IANA, public domain).
Zones of one entry that keep the same time from 2024 to 2030 are written once, under the first name of PREFERRED; Detroit is New York's twin.
Needed only to refresh the data, so it is no part of the build.
"""
import collections
import datetime
import importlib.resources
import re
import zoneinfo

import phonenumbers
import zipcodes
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

UNITED_STATES = """America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/Adak
Pacific/Honolulu America/Puerto_Rico Pacific/Guam Pacific/Pago_Pago""".split()
PREFERRED = UNITED_STATES + """America/Toronto America/Winnipeg America/Regina America/Edmonton America/Vancouver America/Whitehorse
America/Halifax America/St_Johns Australia/Sydney Australia/Adelaide America/Sao_Paulo America/Manaus America/Rio_Branco Europe/Kyiv""".split()
# A zone younger than the oldest Node we run on is unknown to it; its older twin is listed beside it.
TOO_NEW = {'America/Coyhaique'}
# One of the sources is plainly wrong: a Chattanooga and an El Paso ZIP in Central time.
WRONG_ZIPS = {'37405', '79942'}
# An overlay serves the same ground as the code that it overlays, also where the sources have only half of it.
OVERLAYS = {'986': '208', '458': '541', '364': '270', '448': '850', '930': '812', '236': '250', '672': '250', '778': '250', '367': '418',
            '581': '418', '879': '709', '474': '306', '639': '306'}
# What the sources give too little of. 306: Lloydminster keeps Alberta's time. 709: Labrador. 867: three territories. 907: the Aleutians, not Hawaii. 6xx: Canada without a place.
CANADA = ['America/St_Johns', 'America/Halifax', 'America/Toronto', 'America/Winnipeg', 'America/Regina', 'America/Edmonton', 'America/Vancouver']
FIXED = {'907': ['America/Anchorage', 'America/Adak'], '306': ['America/Regina', 'America/Edmonton'], '709': ['America/St_Johns', 'America/Halifax'],
         '867': ['America/Toronto', 'America/Winnipeg', 'America/Edmonton', 'America/Whitehorse'],
         **{code: CANADA for code in ('600', '622', '633', '644', '655', '677', '688')}}
# Canadian postal districts by first letter (Canada Post), with the two that are split finer.
CANADIAN_POST = [
    ('America/St_Johns America/Halifax', 'A'), ('America/Halifax', 'B C E'), ('America/Toronto America/Halifax', 'G'),
    ('America/Toronto', 'H J K L M N'), ('America/Toronto America/Winnipeg', 'P'), ('America/Winnipeg', 'R'),
    ('America/Regina America/Edmonton', 'S'), ('America/Edmonton', 'T'), ('America/Vancouver America/Edmonton', 'V'),
    ('America/Toronto America/Winnipeg America/Edmonton', 'X'), ('America/Whitehorse', 'Y')]
# Countries that share a calling code and are told apart by the next digits.
SPLIT = {'77': 'KZ', '733': 'KZ', '6189162': 'CC', '6189164': 'CX'}
STATES = dict(line.split('=') for line in """Alabama=AL|Alaska=AK|Arizona=AZ|Arkansas=AR|California=CA|Colorado=CO|Connecticut=CT|Delaware=DE|
Washington D.C.=DC|Florida=FL|Georgia=GA|Hawaii=HI|Idaho=ID|Illinois=IL|Indiana=IN|Iowa=IA|Kansas=KS|Kentucky=KY|Louisiana=LA|Maine=ME|Maryland=MD|
Massachusetts=MA|Michigan=MI|Minnesota=MN|Mississippi=MS|Missouri=MO|Montana=MT|Nebraska=NE|Nevada=NV|New Hampshire=NH|New Jersey=NJ|New Mexico=NM|
New York=NY|North Carolina=NC|North Dakota=ND|Ohio=OH|Oklahoma=OK|Oregon=OR|Pennsylvania=PA|Rhode Island=RI|South Carolina=SC|South Dakota=SD|
Tennessee=TN|Texas=TX|Utah=UT|Vermont=VT|Virginia=VA|Washington=WA|Washington State=WA|West Virginia=WV|Wisconsin=WI|Wyoming=WY""".replace('\n', '').split('|'))
TERRITORIES = {'PR', 'VI', 'GU', 'MP', 'AS'}
UTC = datetime.timezone.utc


def signature(zone, _known={}):
    """What the zone's clocks show every six hours for seven years."""
    if zone not in _known:
        info, start = zoneinfo.ZoneInfo(zone), datetime.datetime(2024, 1, 1, tzinfo=UTC)
        _known[zone] = tuple((start + datetime.timedelta(hours=h)).astimezone(info).utcoffset() for h in range(0, 7 * 8766, 6))
    return _known[zone]


def distinct(zones):
    """One name per clock, in the order of PREFERRED, then as given."""
    rank = {zone: i for i, zone in enumerate(PREFERRED)}
    kept = {}
    for zone in sorted(zones, key=lambda z: rank.get(z, len(rank))):
        kept.setdefault(signature(zone), zone)
    return ' '.join(kept.values())


def american(zones):
    """The same with every zone under the name of its twin in UNITED_STATES."""
    twins = {signature(zone): zone for zone in reversed(UNITED_STATES)}
    return distinct(sorted({twins.get(signature(zone), zone) for zone in zones}))


def us_zips():
    for row in zipcodes.list_all():
        # One row of the source has a town for its zone.
        zone = row['timezone'] if '/' in row['timezone'] else 'America/Anchorage' if row['state'] == 'AK' else ''
        if row['active'] and zone and row['zip_code'] not in WRONG_ZIPS:
            yield row['zip_code'], row['state'], zone, row['area_codes']


def country_zones():
    """ISO country -> its zones in the order of zone.tab, most populous first."""
    zones = collections.defaultdict(list)
    for line in importlib.resources.files('tzdata.zoneinfo').joinpath('zone.tab').read_text().splitlines():
        if not line.startswith('#'):
            country, _, zone = line.split('\t')[:3]
            if zone not in TOO_NEW:
                zones[country].append(zone)
    return zones


def area_code_place(code, zip_states):
    """(country, state) of an area code. Where the phone data has only towns, the state with most of its ZIPs."""
    for country in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1][1:]:
        if country != 'CA' and re.match(phonenumbers.PhoneMetadata.metadata_for_region(country).leading_digits or '$', code):
            return ('US', country) if country in TERRITORIES else (country, '')
    name = GEOCODE_DATA.get('1' + code, {}).get('en', '')
    if name in STATES:
        return 'US', STATES[name]
    state = name.rpartition(', ')[2]
    if state in STATES.values():
        return 'US', state
    canadian = phonenumbers.PhoneMetadata.metadata_for_region('CA').fixed_line.national_number_pattern
    if re.match('(?:%s)' % canadian, code + '2345678') or code in FIXED:
        return 'CA', ''
    return 'US', zip_states.most_common(1)[0][0]


def area_codes():
    said = collections.defaultdict(set)
    for prefix, zones in TIMEZONE_DATA.items():
        if prefix.startswith('1') and len(prefix) >= 4:
            said[prefix[1:4]] |= set(zones)
    served, states = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for _, state, zone, codes in us_zips():
        for code in codes:
            served[code, state][zone] += 1
            states[code][state] += 1
    result = {}
    for code in sorted(set(said) | set(FIXED)):
        country, state = area_code_place(code, states[code])
        zips = served[code, state]
        # A ZIP lists its neighbours' codes too: a zone counts from one ZIP in twenty on.
        by_zip = {zone for zone, n in zips.items() if n * 20 >= sum(zips.values())}
        by_phone = said[code]
        apart = by_zip and not {signature(z) for z in by_zip} & {signature(z) for z in by_phone}
        result[code] = country, state, FIXED.get(code) or (by_zip if apart else by_zip | by_phone)
    for code, base in OVERLAYS.items():
        result[code] = *result[code][:2], result[base][2]
    return {code: (country, state, (american if country == 'US' else distinct)(sorted(zones))) for code, (country, state, zones) in result.items()}


def zip_prefixes():
    """Three digits, and all five where one prefix is shared by far islands."""
    places = collections.defaultdict(lambda: (set(), set()))
    for code, state, zone, _ in us_zips():
        islands = code.startswith('969') or state == 'AS'
        states, zones = places[code if islands else code[:3]]
        states.add(state)
        zones.update(['Pacific/Pohnpei', 'Pacific/Chuuk'] if state == 'FM' else [zone])
    return {code: (' '.join(sorted(states)), american(zones)) for code, (states, zones) in places.items()}


def countries():
    zones, result = country_zones(), {}
    for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items():
        # +7 and +61 are told apart by SPLIT; Ascension has no line in zone.tab, Kosovo neither.
        mine = [{'AC': 'SH', 'XK': 'RS', 'TA': 'SH'}.get(r, r) for r in regions[: 1 if code in (7, 61) else None]]
        if code != 1 and regions[0] != '001':
            result[str(code)] = regions[0], distinct([zone for region in mine for zone in zones[region]])
    for code, region in SPLIT.items():
        result[code] = region, distinct(zones[region])
    return result


def grouped(table):
    groups = collections.defaultdict(list)
    for code in sorted(table):
        groups[table[code]].append(code)
    return sorted(((*place, ' '.join(codes)) for place, codes in groups.items()))


def write(name, text, rows):
    body = '\n'.join('  [' + ', '.join(f"'{field}'" for field in row) + '],' for row in rows)
    with open(f'domain/data/{name}.ts', 'w') as file:
        file.write('// Written by scripts/generate-places.py, which names the sources. Do not edit.\n' + text + ' = [\n' + body + '\n];\n')


write('area-codes', '''
export type AreaCodeRow = readonly [country: string, state: string, zones: string, codes: string];

/** Every geographic area code of the North American plan: all zones in which it is used. `state` is empty outside the United States. */
export const AREA_CODES: readonly AreaCodeRow[]''', grouped(area_codes()))
write('postal-prefixes', '''
export type PostalRow = readonly [states: string, zones: string, prefixes: string];

/** United States ZIP codes by their first three digits; Pacific islands that share those, by all five. */
export const ZIP_PREFIXES: readonly PostalRow[]''', grouped(zip_prefixes()))
with open('domain/data/postal-prefixes.ts', 'a') as out:
    out.write('\nexport type CanadianPostalRow = readonly [zones: string, letters: string];\n\n/** Canadian postal codes by their first letter. */\n')
    out.write('export const CANADIAN_POSTAL_LETTERS: readonly CanadianPostalRow[] = [\n')
    out.write(''.join(f"  ['{zones}', '{letters}'],\n" for zones, letters in CANADIAN_POST) + '];\n')
write('countries', '''
export type CountryRow = readonly [country: string, zones: string, prefixes: string];

/** Calling codes other than +1: the country and all its zones. The longest prefix wins (+77 is Kazakhstan, +7 Russia). */
export const COUNTRIES: readonly CountryRow[]''', grouped(countries()))
