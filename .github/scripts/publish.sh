#!/usr/bin/env bash
# Publishes what `release/` has, to the byte: image, chart, npm's package, and the release's page with every file.
# A step that was done by an earlier try is left as it is.
set -euo pipefail
version=${GITHUB_REF_NAME#v}
owner=$(echo "$GITHUB_REPOSITORY_OWNER" | tr '[:upper:]' '[:lower:]')
image=ghcr.io/$owner/rolloscope-store
(cd release && sha256sum --check SHA256SUMS)

echo "$TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
docker buildx imagetools create --tag "$image:$version" "$image:$version-amd64" "$image:$version-arm64"
echo "$TOKEN" | helm registry login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
helm push "release/rolloscope-store-chart-$version.tgz" "oci://ghcr.io/$owner/charts"


if npm view "rolloscope-store@$version" version >/dev/null 2>&1; then
  echo "rolloscope-store $version is published"
else
  npm publish "release/rolloscope-store-$version.tgz" --provenance --access public
fi

notes=$(awk -v version="$version" '/^## /{on = index($0, "## " version) == 1; next} on' CHANGELOG.md)
GH_TOKEN=$TOKEN gh release create "$GITHUB_REF_NAME" release/* --verify-tag --title "$version" --notes "$notes" ||
  GH_TOKEN=$TOKEN gh release upload "$GITHUB_REF_NAME" release/* --clobber
