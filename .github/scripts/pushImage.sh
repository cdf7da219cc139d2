#!/usr/bin/env bash
# Builds the image for this machine's kind, starts it, asks for its health, and pushes it as VERSION-ARCH.
set -euo pipefail
version=${GITHUB_REF_NAME#v}
image=$(echo "ghcr.io/$GITHUB_REPOSITORY_OWNER/rolloscope-store:$version-$ARCH" | tr '[:upper:]' '[:lower:]')

docker build --file store/Dockerfile --label "org.opencontainers.image.revision=$GITHUB_SHA" \
  --label "org.opencontainers.image.source=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY" --tag "$image" .

container=$(docker run --detach --read-only --tmpfs /tmp --env STORE_READ_TOKEN=r --env STORE_WRITE_TOKEN=w "$image")
for _ in $(seq 60); do
  [ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ] && break
  sleep 2
done
docker logs "$container"
[ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ]
docker rm --force --volumes "$container"

echo "$TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
docker push "$image"
