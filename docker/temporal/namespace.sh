#!/bin/sh
# Makes the namespace once Temporal answers. Reads TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. Safe to run again.
set -eu

until temporal operator cluster health >/dev/null 2>&1; do sleep 2; done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 72h
