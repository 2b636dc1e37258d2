#!/bin/sh
# Runs once, when the database is first made. Two logins: one that migrates, and one that the api and the worker use and
# that migrations give its rights. Neither is a superuser; nobody signs in as one over the network (pg_hba.conf).
set -eu
secrets=${SECRETS_DIR:-/run/secrets}
owner=$(cat "$secrets/owner_password")
app=$(cat "$secrets/app_password")
psql -v ON_ERROR_STOP=1 -U postgres -d customercare -v owner="$owner" -v app="$app" <<'EOT'
create role customercare_owner login nosuperuser nocreatedb createrole nobypassrls password :'owner';
create role customercare_production_app login nosuperuser nocreatedb nocreaterole nobypassrls connection limit 90 password :'app';
grant customercare_production_app to customercare_owner with admin option;
alter database customercare owner to customercare_owner;
EOT
