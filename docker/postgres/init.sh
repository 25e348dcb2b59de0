#!/bin/sh
# Run once by the postgres image, when its volume is empty: two owners, three databases. Neither owner is a superuser, as with any hosted PostgreSQL.
set -eu

psql --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  --set usher="$USHER_DB_PASSWORD" --set temporal="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role usher login createrole password :'usher';
create database usher owner usher;
create role temporal login password :'temporal';
create database temporal owner temporal;
create database temporal_visibility owner temporal;
SQL
