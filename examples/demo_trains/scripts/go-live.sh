# Puts the page of a build beside those before it, shows it to everybody, and looks whether it greets.
mkdir -p "$folder/$where/$version"
echo "shop $version: $greeting" > "$folder/$where/$version/page.txt"
ln -sfn "$version" "$folder/$where/current"
test -n "$greeting" || { echo "the page greets nobody"; exit 1; }
