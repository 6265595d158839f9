#!/usr/bin/env bash
# The long forms of bench hotplug, one result a trial: run.sh [TRIAL...] (default: all of them).
# A trial whose result of today is there is skipped, so that an interrupted run goes on.
# SENSORIUM_HOTPLUG_OPTIONS changes sizes, for instance '--cycles 500'.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
results=$root/benchmarks/results
trials=("$@")
[[ ${#trials[@]} -gt 0 ]] || trials=(threads bad probe images kills)

# A heap that neither grows nor shrinks: what resident memory does then is not the heap's doing.
export SENSORIUM_JAVA_OPTIONS="-Xms512m -Xmx512m -XX:+AlwaysPreTouch ${SENSORIUM_JAVA_OPTIONS:-}"

status=0
for trial in "${trials[@]}"; do
  result=$results/hotplug-$trial-$(date -u +%F).json
  if [[ -s $result ]]; then
    printf '%s is there\n' "$result" >&2
    continue
  fi
  # shellcheck disable=SC2086 # SENSORIUM_HOTPLUG_OPTIONS holds several options.
  if "$root/sensorium" bench hotplug --long --trials "$trial" ${SENSORIUM_HOTPLUG_OPTIONS:-} --json \
    > "$result.part"; then
    mv "$result.part" "$result"
  else
    # What broke a promise is a result, too; a run that gave no figures is none.
    status=1
    if [[ -s $result.part ]]; then mv "$result.part" "$result"; else rm -f "$result.part"; fi
  fi
done
exit $status
