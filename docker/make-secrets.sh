#!/bin/sh
# Makes what compose.yaml needs, once: random secrets, a private certificate authority and the database's certificate.
set -eu
cd "$(dirname "$0")"
[ -e secrets ] && { echo 'docker/secrets exists; nothing changed.'; exit 0; }
umask 077
mkdir -p secrets/certs
random() { openssl rand -base64 48 | tr -d '\n'; }
password() { openssl rand -hex 24; }

superuser=$(password) owner=$(password) app=$(password) redis=$(password)
printf %s "$superuser" >secrets/postgres_password
printf %s "$owner" >secrets/owner_password
printf %s "$app" >secrets/app_password
printf %s "$redis" >secrets/redis_password

cd secrets/certs
openssl req -x509 -newkey rsa:3072 -nodes -days 3650 -subj '/CN=CustomerCare private CA' -keyout ca.key -out ca.crt 2>/dev/null
openssl req -newkey rsa:3072 -nodes -subj '/CN=postgres' -keyout server.key -out server.csr 2>/dev/null
printf 'subjectAltName=DNS:postgres\n' >san.cnf
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile san.cnf -out server.crt 2>/dev/null
rm -f server.csr san.cnf ca.srl
# The folder above is closed to other users of this machine; inside the containers these must be readable.
chmod 755 .
chmod 644 ca.crt server.crt ../postgres_password ../owner_password ../app_password ../redis_password
# The postgres image runs as uid 999 and refuses a key that others can read.
chown 999:999 server.key 2>/dev/null || echo 'Run this as root, or make secrets/certs/server.key readable by uid 999 alone.'
cd ../..

tls='sslmode=verify-full&sslrootcert=/certs/ca.crt'
cat >secrets/customercare.env <<EOT
SECRET_KEY=$(random)
JWT_SECRET=$(random)
ENCRYPTION_KEY=$(openssl rand -base64 32)
DATABASE_OWNER_URL=postgres://customercare_owner:$owner@postgres:5432/customercare?$tls
DATABASE_URL=postgres://customercare_production_app:$app@postgres:5432/customercare?$tls
REDIS_URL=redis://default:$redis@redis:6379
EOT
echo 'Made docker/secrets. Keep a copy of ENCRYPTION_KEY elsewhere: without it the stored files cannot be read.'
