#!/bin/sh
# Runs once, when the database is first made: the login the api and the worker use. Migrations give it its rights.
set -eu
password=$(cat /run/secrets/app_password)
psql -v ON_ERROR_STOP=1 -U postgres -d customercare -v password="$password" <<'EOT'
create role customercare_production_app login nosuperuser nocreatedb nocreaterole nobypassrls password :'password';
EOT
