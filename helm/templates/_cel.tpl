{{- /*
The parts of CEL expressions that more than one policy uses, so that all of them decide alike.

A version is one to four dotted numbers of at most 18 digits. It is compared by a key: each number padded to 20 digits,
joined by dots. As texts, keys compare like the numbers, part by part, and where one ends first it is the smaller:
7 < 7.0 < 7.1 < 12. dev.pawl.engine.plan.Version compares in the same way, and helm/tests/version-vectors.txt holds both
to it. What is no version has the key '', which is no later than anything and nothing is verified through it.
*/}}
{{- define "pawl.cel.key" -}}
({{ . }}.matches('^[0-9]{1,18}([.][0-9]{1,18}){0,3}$') ? {{ . }}.split('.').map(part, '00000000000000000000'.substring(part.size()) + part).join('.') : '')
{{- end }}

{{- /* Whether the annotations (a CEL expression) require a migration at all. */}}
{{- define "pawl.cel.requires" -}}
{{ . }}.exists(k, k.startsWith('requires.pawl.dev/'))
{{- end }}

{{- /* The names of the migrations that the annotations require. 18 is the length of requires.pawl.dev/. */}}
{{- define "pawl.cel.required" -}}
{{ . }}.filter(k, k.startsWith('requires.pawl.dev/')).map(k, k.substring(18))
{{- end }}

{{- /*
Whether the version that the annotations require of migration m is open: let pass by a person (breakGlass), or verified
(no later than through, and none of those that arrived late and are still pending). params is the namespace's SchemaGate.
*/}}
{{- define "pawl.cel.open" -}}
[{{ . }}['requires.pawl.dev/' + m]].map(v, {{ include "pawl.cel.key" "v" }}).exists(v, v != '' && (
  [params.?spec.?breakGlass[?m].orValue('')].exists(t, v <= {{ include "pawl.cel.key" "t" }})
  || [params.?status.?migrations[?m].?through.orValue('')].exists(t, v <= {{ include "pawl.cel.key" "t" }})
    && !params.?status.?migrations[?m].?pending.orValue([]).exists(p, v == {{ include "pawl.cel.key" "p" }})))
{{- end }}
