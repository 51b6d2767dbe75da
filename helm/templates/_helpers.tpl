{{- define "pawl.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "pawl.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains (include "pawl.name" .) .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "pawl.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "pawl.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pawl.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pawl.labels" -}}
{{ include "pawl.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "pawl.serviceAccountName" -}}
{{- default (include "pawl.fullname" .) .Values.serviceAccount.name }}
{{- end }}

{{- define "pawl.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{- /* The name of the leader's Lease; the operator knows it by this name. */}}
{{- define "pawl.leaseName" -}}pawl{{- end }}

{{- /* The user names by which the API server knows the operator and the Job that releases when Pawl is uninstalled. */}}
{{- define "pawl.operatorUser" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "pawl.serviceAccountName" . }}
{{- end }}
{{- define "pawl.releaseUser" -}}
system:serviceaccount:{{ .Release.Namespace }}:{{ include "pawl.fullname" . }}-release
{{- end }}

{{- /* policy or none: what gate.mode comes to on this cluster. */}}
{{- define "pawl.gateMode" -}}
{{- $mode := .Values.gate.mode }}
{{- if eq $mode "auto" }}
  {{- if .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy" }}
    {{- print "policy" }}
  {{- else }}
    {{- fail "gate.mode=auto: this cluster does not serve MutatingAdmissionPolicy in admissionregistration.k8s.io/v1, which Pawl's gate needs (Kubernetes 1.36 or newer), and the webhook for older clusters is not there yet. Set gate.mode=none to run migrations without a gate; or, if this is helm template without a cluster, say gate.mode=policy." }}
  {{- end }}
{{- else if eq $mode "webhook" }}
  {{- fail "gate.mode=webhook is not there yet: use gate.mode=policy on Kubernetes 1.36 or newer, or gate.mode=none to run migrations without a gate." }}
{{- else }}
  {{- print $mode }}
{{- end }}
{{- end }}

{{- /* The namespaces a policy's binding is for, as a matchResources; nothing when that is all of them. */}}
{{- define "pawl.matchResources" -}}
{{- with .Values.watchNamespaces }}
matchResources:
  namespaceSelector:
    matchExpressions:
      - key: kubernetes.io/metadata.name
        operator: In
        values:
          {{- toYaml . | nindent 10 }}
{{- end }}
{{- end }}

{{- define "pawl.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "pawl.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}
