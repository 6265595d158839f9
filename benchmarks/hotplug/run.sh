#!/usr/bin/env bash
# The long forms of bench hotplug, one result a trial: run.sh [TRIAL...] (default: all of them).
# probe and images change without a pause, for losses and memory; probe-paced and images-paced once a
# second, for latencies: leave the machine alone then.
# A trial whose result of today is there is skipped, so that an interrupted run goes on.
# SENSORIUM_HOTPLUG_OPTIONS changes sizes, for instance '--cycles 500', SENSORIUM_HOTPLUG_PACE those
# of the paced trials.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
results=$root/benchmarks/results
trials=("$@")
[[ ${#trials[@]} -gt 0 ]] || trials=(threads bad probe probe-paced images images-paced kills)

# A heap that neither grows nor shrinks: what resident memory does then is not the heap's doing.
export SENSORIUM_JAVA_OPTIONS="-Xms512m -Xmx512m -XX:+AlwaysPreTouch ${SENSORIUM_JAVA_OPTIONS:-}"

status=0
for trial in "${trials[@]}"; do
  result=$results/hotplug-$trial-$(date -u +%F).json
  if [[ -s $result ]]; then
    printf '%s is there\n' "$result" >&2
    continue
  fi
  sizes=${SENSORIUM_HOTPLUG_OPTIONS:-}
  [[ $trial != *-paced ]] || sizes=${SENSORIUM_HOTPLUG_PACE:---cycles 60 --pause-millis 1000}
  # shellcheck disable=SC2086 # It holds several options.
  if "$root/sensorium" bench hotplug --long --trials "${trial%-paced}" $sizes --json > "$result.part"; then
    mv "$result.part" "$result"
  else
    # What broke a promise is a result, too; a run that gave no figures is none.
    status=1
    if [[ -s $result.part ]]; then mv "$result.part" "$result"; else rm -f "$result.part"; fi
  fi
done
exit $status
