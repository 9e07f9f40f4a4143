#!/usr/bin/env bash
# Makes the README's pictures anew: each that it names is a screen of that name, as
# the program draws it now. Look at the diff before you commit it.
set -euo pipefail
cd "$(dirname "$0")/.."

out=$(mktemp -d)
trap 'rm -r "$out"' EXIT
only=()
while read -r name; do
  only+=(--only "$name")
done < <(grep -oE 'docs/pictures/[a-z0-9-]+\.svg' README.md | sed 's|.*/||; s|\.svg$||' | sort -u)
if [ ${#only[@]} = 0 ]; then
  echo "README.md names no docs/pictures/*.svg" >&2
  exit 1
fi
go run ./cmd/loralab screens --size 80x24 --theme dark "${only[@]}" -o "$out"
mkdir -p docs/pictures
rm -f docs/pictures/*.svg
cp "$out"/*.svg docs/pictures/
# A long text goes on in further screens: the README shows those that it names.
for file in docs/pictures/*.svg; do
  grep -qF "$file" README.md || rm "$file"
done
