#!/bin/sh
# Run once by the postgres image: an owner that migrates, and the application's role that owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
    --set owner_password="$(cat /run/secrets/owner_password)" --set app_password="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE sunset_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE sunset_app LOGIN PASSWORD :'app_password';
CREATE DATABASE sunset OWNER sunset_owner;
SQL
