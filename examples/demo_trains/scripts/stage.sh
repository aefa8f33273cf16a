# Shows the page to those who approve it; a page without a greeting is strange, but may be meant.
mkdir -p "$folder/$where"
echo "shop $version: $greeting" > "$folder/$where/page.txt"
test -n "$greeting" || echo "WARN nobody is greeted"
