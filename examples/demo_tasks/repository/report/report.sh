n=0
while [ "$n" -lt "$1" ]; do
  n=$((n + 1))
  echo "page $n for $WHO"
done
