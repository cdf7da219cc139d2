{{/* Names that fit Kubernetes' 63 characters, with room for what StatefulSets add. */}}
{{- define "store.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "store.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "store.labels" -}}
{{ include "store.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: rolloscope
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "store.secret" -}}
{{- .Values.tokens.existingSecret | default (include "store.name" .) -}}
{{- end -}}

{{- define "store.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "store.hasTokensFile" -}}
{{- if .Values.tokens.existingSecret -}}
{{- if .Values.tokens.existingSecretHasFile }}yes{{ end -}}
{{- else if .Values.tokens.file -}}
yes
{{- end -}}
{{- end -}}
