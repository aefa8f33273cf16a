# Makes the page of a build, and looks whether it is whole.
mkdir -p "$folder/$where"
echo "shop $version: $greeting" > "$folder/$where/page.txt"
grep -q "^shop [0-9.]*: " "$folder/$where/page.txt"
