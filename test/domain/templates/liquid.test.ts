import { fillIn, liquidMistakes } from '../../../domain/templates/liquid';

const known = ['name', 'link'];
const scope = { name: 'Ana', link: null };

describe('a template', () => {
  it.each([
    ['{{ name }} and {% if link %}{{ link }}{% else %}no link{% endif %}', 'Ana and no link'],
    ['{{ link | default: "nothing" }} {{ name | upcase }}', 'nothing ANA'],
    ['{% case name %}{% when "Ana" %}hers{% endcase %}', 'hers'],
    ['{% unless link %}{{- name -}}{% endunless %}', 'Ana'],
    ['{{ true }}{{ blank }}{{ 1 }}', ''],
  ])('fills in %s', (source, expected) => {
    expect(liquidMistakes(source, known)).toEqual([]);
    expect(fillIn(source, scope)).toBe(expected);
  });

  it.each([
    ['{{ name', 1, 1],
    ['Hi\n{% if name %}x', 2, 1],
    ['{{ name | raw }}', 1, 1],
    ['{% for i in (1..9) %}x{% endfor %}', 1, 1],
    ['{% include "file" %}', 1, 1],
    ['{% render "file" %}', 1, 1],
    ['{% assign x = 1 %}', 1, 1],
    ['{% raw %}{{ name }}{% endraw %}', 1, 1],
    ['{{ }}', 1, 4],
    ['Hi {{ [name] }}', 1, 4],
    ['{% if [name] == name %}x{% endif %}', 1, 1],
    ['{{ "}}" | default: [link] }}', 1, 1],
    ['Hi\n  {{ (1..100000000) }}', 2, 3],
  ])('that says %j is refused, with the place', (source, line, column) => {
    expect(liquidMistakes(source, known)).toMatchObject([{ kind: 'syntax', line, column }]);
  });

  it.each([
    ['{{ nobody }}', 'nobody'],
    ['Hi {% if phone %}x{% endif %}', 'phone'],
    ['{{ name.size }}', 'name.size'],
    ['{{ name | default: other }}', 'other'],
    ['{{ __proto__ }}', '__proto__'],
    ['{% case name %}{% when other %}x{% endcase %}', 'other'],
  ])('that names what it may not is refused: %s', (source, found) => {
    expect(liquidMistakes(source, known)).toMatchObject([{ kind: 'unknown_variable', found }]);
  });

  it('tells of each unknown variable at its place', () => {
    expect(liquidMistakes('{{ one }}\n{{ two }} {{ one }}', known)).toMatchObject([
      { line: 1, column: 4, found: 'one' },
      { line: 2, column: 14, found: 'one' },
      { line: 2, column: 4, found: 'two' },
    ]);
  });
});
